//! What is done to a distribution release.

use super::Deed;

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[];

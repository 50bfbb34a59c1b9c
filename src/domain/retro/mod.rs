//! The retrospective: lessons and improvement actions.

pub mod action_item;
pub mod lesson;

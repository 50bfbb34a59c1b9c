//! The signals that end the screen, and the one that a key in another program sends
//! to us as well.

#[cfg(not(unix))]
use std::future::pending;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::workspace::refusal::Refusal;

/// The signals that end the screen.
#[cfg(unix)]
pub(in crate::tui) struct Signals {
    terminate: Signal,
    hangup: Signal,
    interrupt: Signal,
}

#[cfg(unix)]
impl Signals {
    pub(in crate::tui) fn listen() -> Result<Self, Refusal> {
        let listen = |kind| signal(kind).map_err(|error| super::failed(&error));
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    pub(in crate::tui) async fn ended(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Ctrl-C while another program has the terminal reaches us too.
    pub(in crate::tui) async fn interrupted(&mut self) {
        self.interrupt.recv().await;
    }
}

/// Elsewhere the terminal itself says when it closes.
#[cfg(not(unix))]
pub(in crate::tui) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(in crate::tui) fn listen() -> Result<Self, Refusal> {
        Ok(Self)
    }

    pub(in crate::tui) async fn ended(&mut self) {
        drop(tokio::signal::ctrl_c().await);
    }

    pub(in crate::tui) async fn interrupted(&mut self) {
        pending().await
    }
}

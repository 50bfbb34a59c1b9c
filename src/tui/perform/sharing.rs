//! The exchange with others while the screen is open, and whatever else reads the folder they
//! meet in. All of it on threads of its own: a folder that hangs holds up neither the desk's
//! answers nor leaving.

#[cfg(test)]
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc::UnboundedSender;

use super::Options;
use crate::tui::effect::{Doing as Asked, Effect, FillAsk};
use crate::tui::msg::Msg;
use crate::tui::overlay::form::Begin;
use crate::workspace::deed::JOIN;
use crate::workspace::places::Places;
use crate::workspace::plan::Actor;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;
use crate::workspace::share::progress::{Meter, Waiting};
use crate::workspace::share::watch::{Companion, Doing, Pace};
use crate::workspace::share::{Here, form, member, page, words};

type Clock = fn() -> Result<DateTime<Utc>, Refusal>;

/// Tells the screen what is being done.
fn doing(inbox: &UnboundedSender<Msg>) -> Doing {
    let inbox = inbox.clone();
    Arc::new(move |text: &str| drop(inbox.send(Msg::Exchanging(text.to_owned()))))
}

/// What is needed to meet others.
pub(super) struct Sharing {
    path: PathBuf,
    places: Option<Places>,
    pace: Pace,
    now: Clock,
    actor: Result<Actor, Refusal>,
    /// None where a test asks and waits for the answer.
    inbox: Option<UnboundedSender<Msg>>,
    companion: Option<Companion>,
}

impl Sharing {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            path: options.path.clone().unwrap_or_default(),
            places: options.founding.clone().or_else(|| options.places.clone()),
            pace: if options.exchanges {
                Pace::ByItself
            } else {
                Pace::WhenAsked
            },
            now: options.now,
            actor: options.actor.clone(),
            inbox: None,
            companion: None,
        }
    }

    /// A desk that meets nobody.
    #[cfg(test)]
    pub(super) fn alone(path: &Path, now: Clock, actor: Result<Actor, Refusal>) -> Self {
        Self {
            path: path.to_owned(),
            places: None,
            pace: Pace::WhenAsked,
            now,
            actor,
            inbox: None,
            companion: None,
        }
    }

    /// Where what comes in is told.
    pub(super) fn tells(&mut self, inbox: UnboundedSender<Msg>) {
        self.inbox = Some(inbox);
    }

    fn here(&self) -> Result<Here, Refusal> {
        let places = self.places.as_ref().ok_or_else(|| {
            Refusal::failed(
                "The folder of the keys is not known.",
                "Try it in the shell.",
            )
        })?;
        Ok(Here::new(&self.path, places, (self.now)()?))
    }

    /// Answers what concerns the others; nothing where the answer comes later.
    pub(super) fn answer(&mut self, effect: &Effect) -> Option<Msg> {
        match effect {
            Effect::Sharing => return self.page(),
            Effect::Meet => self.meet(),
            Effect::Exchange => self.exchange(),
            _ => {}
        }
        None
    }

    /// Begins to exchange in the background.
    fn meet(&mut self) {
        let (Ok(here), Some(inbox)) = (self.here(), self.inbox.clone()) else {
            return;
        };
        if self.companion.is_none() {
            let doing = doing(&inbox);
            self.companion = Companion::start(here, (self.now, self.pace), doing, move |news| {
                // The screen may have gone; then nobody is left to be told.
                drop(inbox.send(Msg::Exchanged(news.map(|news| news.heard()))));
            });
        }
    }

    /// Exchanges now.
    fn exchange(&self) {
        if let Some(companion) = &self.companion {
            companion.ask();
        }
    }

    /// Reads the page about sharing.
    fn page(&self) -> Option<Msg> {
        let here = self.here();
        let meter = meter(&here);
        self.apart(
            meter,
            move || here.and_then(|here| page::page(&here)),
            Msg::Sharing,
        )
    }

    /// What a form begins with that answers who asks; the requests lie in the folder.
    pub(super) fn answering(&self, ask: FillAsk) -> Option<Msg> {
        let here = self.here();
        let meter = meter(&here);
        let deed = ask.deed;
        // Where the folder cannot be asked, the form itself is there all the same.
        let work = move || {
            let fill = here.map_or_else(
                |_| form::fill(deed, None),
                |here| form::answering(deed, &here),
            );
            Ok(Begin::Deed(fill))
        };
        self.apart(meter, work, |begin| Msg::Filled(ask, begin.map(Box::new)))
    }

    /// Does what a form of sharing says.
    pub(super) fn run(&self, doing: Asked) -> Option<Msg> {
        let (here, actor, now) = (self.here(), self.actor.clone(), self.now);
        let places = self.places.clone();
        let what = doing.clone();
        if doing.deed == &JOIN {
            let meter = Meter::default();
            let shown = meter.clone();
            let work = move || match places {
                Some(places) => form::join(&what.filled, &places, (now()?, shown)),
                None => Err(Refusal::failed("There is no place for a desk.", "")),
            };
            return self.apart(meter, work, move |answer| match answer {
                Ok(founded) => Msg::Founded(founded),
                Err(refusal) => Msg::Done(doing, Err(refusal)),
            });
        }
        let meter = meter(&here);
        let work = move || {
            let (here, actor) = (here?, actor?);
            if !member::is_ours(what.deed) {
                return form::run(what.deed, &what.filled, &here, &actor);
            }
            let action = |session: &Session| super::deeds::action(&what, session, false);
            let (mut receipt, done) = member::change(&here, actor, None, action)?;
            receipt.warnings.extend(words::warned(&done));
            Ok(receipt)
        };
        self.apart(meter, work, move |answer| {
            Msg::Done(doing, answer.map(Box::new))
        })
    }

    /// Works on another thread and tells the answer, and meanwhile how far it is. A folder that
    /// does not answer is an error after a while.
    fn apart<T: Send + 'static>(
        &self,
        meter: Meter,
        work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
        say: impl FnOnce(Result<T, Refusal>) -> Msg + Send + 'static,
    ) -> Option<Msg> {
        let Some(inbox) = self.inbox.clone() else {
            return Some(say(work()));
        };
        let doing = doing(&inbox);
        let worker = std::thread::Builder::new().name("folder".to_owned());
        // It goes with the process; it is never waited for.
        let worker = worker.spawn(move || {
            let waiting = Waiting::begin(&meter, move |text| doing(text));
            let answer = work();
            drop(waiting);
            drop(inbox.send(say(answer)));
        });
        drop(worker);
        None
    }
}

/// Where it is told what is being done with a desk.
fn meter(here: &Result<Here, Refusal>) -> Meter {
    here.as_ref()
        .map(|here| here.meter.clone())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_for_a_folder_is_answered_later_and_holds_up_nobody() {
        let path = Path::new("/nowhere/cmd.relmate");
        let now = || Ok(DateTime::<Utc>::UNIX_EPOCH);
        let mut sharing = Sharing::alone(path, now, Actor::resolve(Some("Alice"), None));
        let (inbox, mut told) = tokio::sync::mpsc::unbounded_channel();
        sharing.tells(inbox);
        let (open, gate) = std::sync::mpsc::channel::<()>();
        let work = move || gate.recv().map_err(|_| Refusal::failed("", ""));
        let say = |answer: Result<(), Refusal>| Msg::Unwatched(format!("{}", answer.is_ok()));
        assert!(sharing.apart(Meter::default(), work, say).is_none());
        let answered = |it: &Msg| matches!(it, Msg::Unwatched(_));
        let early = told.try_recv().is_ok_and(|it| answered(&it));
        assert!(!early, "the folder still hangs");
        open.send(()).unwrap();
        // How far it is may have been told meanwhile.
        let answer = std::iter::from_fn(|| told.blocking_recv()).find(answered);
        assert!(matches!(answer, Some(Msg::Unwatched(it)) if it == "true"));
    }
}

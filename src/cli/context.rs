//! What every command gets: the global options, the desk, the clock, and a
//! place to write to. Opens nothing before it is asked.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use super::output::Output;
use crate::config::{self, Config};
use crate::workspace::action::Action;
use crate::workspace::look::{Look, moment};
use crate::workspace::places::Places;
use crate::workspace::plan::Actor;
use crate::workspace::receipt::{ImportLine, ImportLines, Receipt};
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;
use crate::workspace::share::person::of_device;

/// Options that every command takes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Globals {
    /// The desk: a path, or a name in the data directory
    #[arg(
        long,
        global = true,
        value_name = "PATH|NAME",
        env = "RELMATE_DESK",
        hide_env_values = true
    )]
    pub desk: Option<String>,
    /// The configuration file
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "RELMATE_CONFIG",
        hide_env_values = true
    )]
    pub config: Option<PathBuf>,
    /// Who acts; without it the configuration's person
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub as_name: Option<String>,
    /// When it happened (for commands that record)
    #[arg(long, global = true, value_name = "WHEN", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// What had happened by then, with the clocks read then (for commands that look)
    #[arg(long, global = true, value_name = "WHEN", allow_hyphen_values = true)]
    pub as_of: Option<String>,
    /// Only what had been recorded by then (for commands that look)
    #[arg(long, global = true, value_name = "WHEN", allow_hyphen_values = true)]
    pub known_at: Option<String>,
    /// Refuse every change
    #[arg(long, global = true)]
    pub read_only: bool,
    /// JSON, for programs
    #[arg(long, global = true)]
    pub json: bool,
    /// Linear output without alignment, for screen readers
    #[arg(long, global = true)]
    pub plain: bool,
    /// auto, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", value_parser = ["auto", "always", "never"])]
    pub color: String,
    /// The screen's colours: default, light, dark, mono, colour-blind, or a theme file
    #[arg(long, global = true, value_name = "NAME|PATH")]
    pub theme: Option<String>,
    /// Draw the screen with ASCII characters only
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Do not ask, do it
    #[arg(short = 'y', long, global = true)]
    pub yes: bool,
}

/// One run of one command.
pub struct Context {
    pub globals: Globals,
    pub now: DateTime<Utc>,
    pub out: Output,
    /// The moment the desk was last looked at: now, unless another one was asked for.
    seen_at: DateTime<Utc>,
    config: Option<Config>,
    places: Option<Places>,
}

impl Context {
    pub fn new(globals: Globals, now: DateTime<Utc>) -> Self {
        let out = Output::new(&globals);
        Self {
            globals,
            now,
            out,
            seen_at: now,
            config: None,
            places: None,
        }
    }

    pub fn places(&mut self) -> Result<&Places, Refusal> {
        if self.places.is_none() {
            self.places = Some(Places::new()?);
        }
        self.places
            .as_ref()
            .ok_or_else(|| Refusal::failed("No home.", ""))
    }

    /// The configuration; its warnings go to standard error once.
    pub fn config(&mut self) -> Result<&Config, Refusal> {
        if self.config.is_none() {
            let asked = self.globals.config.clone();
            let path = match &asked {
                Some(path) => path.clone(),
                None => self.places()?.config_file(),
            };
            let loaded = config::load(&path, asked.is_some()).map_err(|error| {
                Refusal::usage(
                    error.to_string(),
                    "`config.example.toml` explains every key.",
                )
            })?;
            for warning in loaded.warnings {
                self.out.warn(&warning);
            }
            if let Some(color) = &loaded.config.color
                && self.globals.color == "auto"
                && ["always", "never"].contains(&color.as_str())
            {
                self.globals.color.clone_from(color);
            }
            self.globals.plain |= loaded.config.plain == Some(true);
            self.out.restyle(&self.globals);
            self.config = Some(loaded.config);
        }
        self.config
            .as_ref()
            .ok_or_else(|| Refusal::failed("No configuration.", ""))
    }

    /// The desk's file: `--desk`, the configuration, else the only one there is.
    pub fn desk_path(&mut self) -> Result<PathBuf, Refusal> {
        let named = match self.globals.desk.clone() {
            Some(desk) => Some(desk),
            None => self.config()?.desk.clone(),
        };
        let places = self.places()?;
        match named {
            Some(desk) => Ok(places.desk_file(&desk)),
            None => places.only_desk(),
        }
    }

    /// Who acts.
    pub fn actor(&mut self) -> Result<Actor, Refusal> {
        let named = self.globals.as_name.clone();
        let mut device = self.config()?.person.clone();
        if device.is_none() && named.is_none() {
            device = self.device_person();
        }
        Actor::resolve(device.as_deref(), named.as_deref())
    }

    /// Whose device this is, if the desk is shared: its key says so.
    fn device_person(&mut self) -> Option<String> {
        let path = self.desk_path().ok()?;
        of_device(&path)
    }

    /// Whether a person is named at all; looks use it to say what is yours.
    pub fn person(&mut self) -> Result<Option<String>, Refusal> {
        let named = self.globals.as_name.clone();
        let person = named.or(self.config()?.person.clone());
        Ok(person.or_else(|| self.device_person()))
    }

    pub(super) fn refuse_changes(&mut self) -> Result<(), Refusal> {
        if self.globals.read_only || self.config()?.read_only == Some(true) {
            return Err(Refusal::rule(
                "Changes are refused: this is read-only.",
                "Leave --read-only out, or change `read_only` in the configuration.",
            ));
        }
        if self.globals.as_of.is_some() || self.globals.known_at.is_some() {
            return Err(Refusal::usage(
                "--as-of and --known-at are for looking.",
                "Say when something happened with --at.",
            ));
        }
        Ok(())
    }

    /// Opens the desk to change it.
    pub fn open(&mut self) -> Result<Open<'_>, Refusal> {
        self.refuse_changes()?;
        let actor = self.actor()?;
        let path = self.desk_path()?;
        let session = Session::open(&path, actor, self.now, self.globals.at.as_deref())?;
        Ok(Open {
            session,
            context: self,
        })
    }

    /// Looks at the desk, now or as it was. `look` may run twice and must not print.
    pub fn look<T>(
        &mut self,
        look: impl FnMut(&Look<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.look_about(None, look)
    }

    /// The same for a look at one record, whose past is all that is needed.
    pub fn look_at<T>(
        &mut self,
        id: &str,
        look: impl FnMut(&Look<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.look_about(Some(id), look)
    }

    fn look_about<T>(
        &mut self,
        about: Option<&str>,
        mut look: impl FnMut(&Look<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        if self.globals.at.is_some() {
            return Err(Refusal::usage(
                "--at is for recording.",
                "Look at another moment with --as-of or --known-at.",
            ));
        }
        // How to print is in the configuration, also where the desk was named.
        self.config()?;
        let path = self.desk_path()?;
        let asked = moment::Asked {
            as_of: self.globals.as_of.clone(),
            known_at: self.globals.known_at.clone(),
            about: about.map(str::to_owned),
        };
        let mut seen_at = self.now;
        let seen = moment::at(&path, self.now, &asked, |desk| {
            seen_at = desk.now;
            look(desk)
        });
        self.seen_at = seen_at;
        seen
    }

    /// Prints a document as JSON with its schema and moment, when JSON was asked for.
    pub fn json<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), Refusal> {
        let mut object = json!({
            "schema": format!("relmate/{name}/1"),
            "as_of": self.seen_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        });
        let value = serde_json::to_value(value).map_err(|error| {
            Refusal::failed(format!("This cannot be written as JSON: {error}."), "")
        })?;
        match (object.as_object_mut(), value) {
            (Some(object), Value::Object(fields)) => object.extend(fields),
            (Some(object), other) => {
                object.insert("items".to_owned(), other);
            }
            (None, _) => {}
        }
        self.out.json(&object);
        Ok(())
    }

    /// Says what an action did.
    pub fn tell(&mut self, receipt: &Receipt, preview: bool) -> Result<(), Refusal> {
        if self.globals.json {
            let mut value = json!(receipt);
            value["preview"] = json!(preview);
            return self.json("receipt", &value);
        }
        if let Some(lines) = &receipt.import {
            self.tell_rows(lines, preview);
        }
        for line in &receipt.said {
            self.out.line(line);
        }
        for warning in &receipt.warnings {
            self.out.warn(warning);
        }
        if preview {
            self.out.line("Nothing was changed: this was a preview.");
        }
        Ok(())
    }

    /// The rows of an import: all of them where it is a preview, else what was changed, and
    /// always what was rejected.
    fn tell_rows(&mut self, rows: &ImportLines, preview: bool) {
        let told = |line: &&ImportLine| preview || line.outcome == "changed";
        for line in rows.lines.iter().filter(told) {
            let changes = line.changes.iter();
            let changes: Vec<String> = changes
                .map(|(field, from, to)| format!("{field}: {from} → {to}"))
                .collect();
            let line = format!(
                "{} {} {} {} ({})",
                line.outcome,
                line.id,
                line.what,
                changes.join(", "),
                line.source
            );
            self.out.line(&line.replace("  ", " "));
        }
        for rejected in &rows.rejected {
            self.out
                .line(&format!("rejected {}: {}", rejected.source, rejected.why));
        }
    }
}

/// A desk open for one change.
pub struct Open<'c> {
    pub session: Session,
    context: &'c mut Context,
}

impl Open<'_> {
    /// Does it, or says what it would do.
    pub fn run(mut self, action: &Action, preview: bool) -> Result<(), Refusal> {
        let receipt = if preview {
            self.session.preview(action)?
        } else {
            self.session.perform(action)?
        };
        drop(self.session);
        self.context.tell(&receipt, preview)
    }
}

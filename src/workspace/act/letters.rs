//! Drafting into the outbox: which facts a text gets and whom it goes to.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::message::{MessageKind, MessageStanding, MessageState};
use crate::domain::noun::Noun;
use crate::domain::queue::clocks;
use crate::domain::queue::guard::stage;
use crate::domain::queue::repository::provider_view;
use crate::domain::queue::submission::Submission;
use crate::domain::queue::ticket::{Outcome, Ticket};
use crate::ledger::EntityId;
use crate::report::letter;
use crate::workspace::cause::Cause;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// Whom a text goes to.
#[derive(Clone, Copy, Debug)]
pub enum To<'a> {
    /// The contact on the product's ID card.
    Product,
    /// The contact of a site.
    Site(&'a str),
    /// The product's unit in the helpdesk, else the desk's own.
    SupportUnit,
    /// These addresses.
    These(&'a [String]),
}

/// Whom a text is about and goes to.
pub struct Draft<'a> {
    pub kind: MessageKind,
    pub to: To<'a>,
    /// The product it is about; empty where it is about several.
    pub product: &'a str,
    /// The request in the helpdesk, which an answer can go to as well.
    pub channel_id: Option<&'a str>,
    /// The one it is about first; a text is drafted once for it, whoever sets that off.
    pub about: Vec<String>,
    pub facts: Value,
    /// What set it off, if that can happen to the record again: a stay of a ticket.
    pub trigger: String,
}

impl Plan<'_, '_> {
    /// Drafts a text that is about one ticket.
    pub fn draft_of_ticket(
        &mut self,
        kind: MessageKind,
        to: To<'_>,
        ticket: &Ticket,
        facts: Value,
    ) -> Result<String, Refusal> {
        self.draft_letter(Draft {
            kind,
            to,
            product: &ticket.product,
            channel_id: None,
            about: vec![ticket.id.clone()],
            facts,
            trigger: stay(ticket),
        })
    }

    /// Drafts a text; returns its id. Without a contact it is drafted all the
    /// same, and the duty that it has no addressee stays.
    pub fn draft_letter(&mut self, mut draft: Draft<'_>) -> Result<String, Refusal> {
        let to = self.addressees(&draft)?;
        let mut facts = std::mem::take(&mut draft.facts);
        if let Some(facts) = facts.as_object_mut() {
            facts.insert("desk".into(), json!(self.desk.name));
            facts.insert("contact".into(), json!(self.desk.contact));
            facts.insert("sender".into(), json!(self.actor.name()));
            facts.insert("channel_id".into(), json!(draft.channel_id));
        }
        let letter = letter::write(draft.kind, &facts)
            .map_err(|error| Refusal::failed(error.to_string(), "Check the template."))?;
        let standing = MessageStanding {
            state: MessageState::Drafted,
            entered: self.at(),
            by: self.actor.name().to_owned(),
            reason: None,
            text: BTreeMap::new(),
        };
        let (entity, id) = self.letter(&draft)?;
        self.put(&entity, "kind_of", &draft.kind)?;
        self.put(&entity, "to", &to)?;
        self.set(&entity, "subject", letter.subject)?;
        self.set(&entity, "body", letter.body)?;
        self.put(&entity, "about", &draft.about)?;
        match draft.to {
            To::Product => {
                self.set(&entity, "product", draft.product)?;
            }
            To::Site(site) => {
                self.set(&entity, "site", site)?;
            }
            To::SupportUnit | To::These(_) => {}
        }
        self.set(&entity, "owner", self.actor.name().to_owned())?;
        self.put(&entity, "state", &standing)?;
        if to.is_empty() {
            self.say(format!(
                "Drafted {id}, {} to nobody yet.",
                draft.kind.label()
            ));
            let why = unaddressed(&draft, &id);
            self.warn(format!(
                "{id} ({}) has no addressee: {why}.",
                draft.kind.label()
            ));
        } else {
            self.say(format!(
                "Drafted {id}, {} to {}.",
                draft.kind.label(),
                to.join(", ")
            ));
        }
        Ok(id)
    }

    /// The message that is drafted: one for a rule, what it is about, whom it goes to and what
    /// set it off.
    fn letter(&mut self, draft: &Draft<'_>) -> Result<(EntityId, String), Refusal> {
        let Some(first) = draft.about.first() else {
            return self.create(Kind::Message);
        };
        let subject = self.entity_of(first)?;
        let site = match draft.to {
            To::Site(site) => site.to_lowercase(),
            To::Product | To::SupportUnit | To::These(_) => String::new(),
        };
        let cause = Cause {
            rule: draft.kind.word(),
            subject: &subject,
            trigger: &format!("{}/{site}", draft.trigger),
        };
        self.create_for(Kind::Message, cause)
    }

    fn addressees(&self, draft: &Draft<'_>) -> Result<Vec<String>, Refusal> {
        let found = match draft.to {
            To::These(addresses) => return Ok(addresses.to_vec()),
            To::Product | To::SupportUnit => self.find(Kind::Product, draft.product)?,
            To::Site(site) => self.find(Kind::Site, site)?,
        };
        let one = match (draft.to, found.map(|loaded| loaded.noun)) {
            (To::Product, Some(Noun::Product(product))) => product.contact,
            (To::Site(_), Some(Noun::Site(site))) => site.contact,
            (To::SupportUnit, Some(Noun::Product(product))) => product.support_unit,
            _ => None,
        };
        let one = match draft.to {
            To::Product => one.or_else(|| draft.channel_id.map(|id| format!("request {id}"))),
            To::SupportUnit => one.or_else(|| {
                let rules = self.rules().ok()?;
                rules.profile.support_unit.clone()
            }),
            To::Site(_) | To::These(_) => one,
        };
        Ok(one.into_iter().collect())
    }

    /// The facts of a ticket that its texts share.
    pub fn ticket_facts(&self, ticket: &Ticket) -> Result<Value, Refusal> {
        let rules = self.rules()?;
        let setting = rules.setting();
        let due = clocks::limit_due(ticket, &setting);
        let standing = &ticket.standing;
        let failed: Vec<&str> = ticket
            .results
            .iter()
            .filter(|(_, check)| check.result == Outcome::Fail)
            .map(|(id, _)| id.as_str())
            .collect();
        Ok(json!({
            "ticket": ticket,
            "product": ticket.product,
            "version": ticket.version.as_deref().unwrap_or("(version unknown)"),
            "platform": ticket.platform,
            "arch": ticket.arch,
            "stage": stage(ticket, &rules.profile),
            "entered": spoken(standing.clock_from.day(&rules.zone)),
            "limit": standing.limit.map(|limit| limit.to_string()),
            "due": due.map(spoken),
            "owner": ticket.owner,
            "reason": ticket.delay_reason,
            "promise": ticket.promised.map(spoken),
            "review": ticket.review.map(spoken),
            "failed": failed.join(", "),
            "provider_view": provider_view(ticket, &rules.profile),
        }))
    }

    /// The facts of a submission that its texts share.
    pub fn submission_facts(&self, submission: &Submission) -> Result<Value, Refusal> {
        let rules = self.rules()?;
        let due: Option<NaiveDate> = clocks::submission_due(submission, &rules.setting());
        Ok(json!({
            "submission": {
                "id": submission.id,
                "submitted": spoken(submission.submitted.day(&rules.zone)),
            },
            "product": submission.product,
            "version": submission.version.as_deref().unwrap_or("(version unknown)"),
            "notes_url": submission.notes_url,
            "packages": submission.packages.len(),
            "targets": submission.targets,
            "due": due.map(spoken),
            "limit": submission.standing.limit.map(|limit| limit.to_string()),
            "reason": submission.reason,
        }))
    }
}

/// Which stay of a ticket in its state this is: the second time it is delayed is another delay.
fn stay(ticket: &Ticket) -> String {
    let standing = &ticket.standing;
    let before = standing.trail.iter();
    let before = before.filter(|it| it.state == standing.state).count();
    format!("{}/{before}", standing.state.word())
}

/// Why a text has nobody to go to, and what would help.
fn unaddressed(draft: &Draft<'_>, id: &str) -> String {
    match draft.to {
        To::Site(site) => {
            format!("{site} has no contact. Give it one with `relmate set {site:?} contact=MAIL`")
        }
        To::Product => format!(
            "{} has no contact. Give it one with `relmate product edit {:?} --contact MAIL`",
            draft.product, draft.product
        ),
        To::SupportUnit | To::These(_) => {
            format!("Name one with `relmate outbox edit {id} --to MAIL`")
        }
    }
}

//! Products and their ID cards. A contact that comes later still gets the
//! notices that had nobody to go to.

use serde_json::json;

use crate::domain::kind::Kind;
use crate::domain::message::MessageState;
use crate::domain::noun::Noun;
use crate::domain::people::is_mail;
use crate::workspace::action::ProductCard;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// The fields of an ID card that a person writes.
pub const CARD: &[&str] = &[
    "provider",
    "contact",
    "team_leader",
    "description",
    "documentation",
    "support_unit",
    "licence",
    "version_report",
    "team_repository",
];

pub fn add(plan: &mut Plan<'_, '_>, card: &ProductCard) -> Result<(), Refusal> {
    let entity = plan.create_named(Kind::Product, &card.name)?;
    write(plan, &entity, card)?;
    plan.say(format!("{} is on the desk.", card.name));
    if !card.fields.contains_key("contact") {
        plan.warn(format!(
            "{} has no contact, so nobody can be told of its delays.",
            card.name
        ));
    }
    Ok(())
}

pub fn edit(plan: &mut Plan<'_, '_>, card: &ProductCard) -> Result<(), Refusal> {
    let loaded = plan.load(Kind::Product, &card.name)?;
    if card.fields.is_empty() {
        return Err(Refusal::usage(
            "Nothing to change was given.",
            format!(
                "Write `relmate product edit {:?} --contact MAIL`.",
                loaded.row.id
            ),
        ));
    }
    let name = loaded.row.id.clone();
    plan.receipt.ids.push(name.clone());
    if write(plan, &loaded.entity, card)? == 0 {
        plan.say(format!("{name} says that already."));
        return Ok(());
    }
    plan.say(format!("{name} is changed."));
    // An emptied contact is nobody's address.
    match card.fields.get("contact").filter(|it| !it.is_empty()) {
        Some(contact) => address_waiting(plan, &name, contact),
        None => Ok(()),
    }
}

fn write(
    plan: &mut Plan<'_, '_>,
    entity: &crate::ledger::EntityId,
    card: &ProductCard,
) -> Result<usize, Refusal> {
    let mut changed = 0;
    for (field, value) in &card.fields {
        if field == "contact" && !value.is_empty() && !is_mail(value) {
            return Err(Refusal::usage(
                format!("{value:?} is not a mail address."),
                "Write it as name@example.org.",
            ));
        }
        if field == "team_repository" && !value.is_empty() && !is_link(value) {
            return Err(Refusal::usage(
                format!("{value:?} is not a link."),
                "Write it as https://…",
            ));
        }
        let wrote = if value.is_empty() {
            plan.clear(entity, field)?
        } else {
            plan.set(entity, field, value.as_str())?
        };
        changed += usize::from(wrote);
    }
    Ok(changed)
}

/// As the field's own check takes it when it is set alone.
fn is_link(text: &str) -> bool {
    let plain = text
        .chars()
        .all(|letter| !letter.is_whitespace() && !letter.is_control());
    plain && (text.starts_with("https://") || text.starts_with("http://"))
}

/// Drafts of this product that had no addressee get the new contact.
pub fn address_waiting(
    plan: &mut Plan<'_, '_>,
    product: &str,
    contact: &str,
) -> Result<(), Refusal> {
    let rows = plan
        .writing
        .reader()
        .in_state(Kind::Message, MessageState::Drafted.word())?;
    for row in rows {
        if let Some(Noun::Message(message)) = row.noun()?
            && message.to.is_empty()
            && message.product.as_deref() == Some(product)
        {
            let loaded = plan.loaded(row)?;
            plan.set(&loaded.entity, "to", json!([contact]))?;
            plan.say(format!("{} now goes to {contact}.", message.id));
        }
    }
    Ok(())
}

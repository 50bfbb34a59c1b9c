//! Who shares the desk. Membership ops name keys; here persons become keys, and whoever may not
//! say it is refused before it is written, since others would not count it.

use crate::domain::kind::Kind;
use crate::ledger::{Key, MemberOp, Role};
use crate::workspace::action::MemberAction;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;
use crate::workspace::share::person::{may_change, owner, role_word, this_member};

/// Does one step about members.
pub(super) fn run(plan: &mut Plan<'_, '_>, action: &MemberAction) -> Result<(), Refusal> {
    match action {
        MemberAction::Share { key } => share(plan, key),
        MemberAction::Admit {
            key, person, role, ..
        } => admit(plan, *key, person, *role),
        MemberAction::Role { person, role, .. } => change(plan, person, *role),
        MemberAction::Remove { person, .. } => remove(plan, person),
    }
}

fn put(plan: &mut Plan<'_, '_>, op: &MemberOp) -> Result<(), Refusal> {
    let body = serde_json::to_value(op)
        .map_err(|error| Refusal::failed(format!("The step cannot be kept: {error}."), ""))?;
    plan.draft.member(body);
    Ok(())
}

fn share(plan: &mut Plan<'_, '_>, key: &Key) -> Result<(), Refusal> {
    put(
        plan,
        &MemberOp::Device {
            key: *key,
            letter: String::new(),
        },
    )?;
    let person = plan.actor.person.clone();
    plan.say(format!("The desk is shared; {person} owns it."));
    Ok(())
}

fn admit(plan: &mut Plan<'_, '_>, key: Key, person: &str, role: Role) -> Result<(), Refusal> {
    let own = this_member(&plan.writing.reader())?;
    if role == Role::Owner && own.role != Role::Owner {
        owner(&plan.writing.reader(), "lets another owner in")?;
    }
    let membership = plan.writing.reader().membership()?;
    let letter = membership.next_letter(&own.letter).ok_or_else(|| {
        Refusal::rule(
            "You have let in as many as you have letters for.",
            "Another manager can approve this one: `relmate share approve`.",
        )
    })?;
    let known = plan.find(Kind::Person, person)?;
    let name = if let Some(loaded) = &known {
        loaded.row.id.clone()
    } else {
        let name = crate::workspace::plan::clean_name(person)?;
        plan.create_named(Kind::Person, &name)?;
        plan.say(format!("{name} is new on this desk."));
        name
    };
    let told = MemberOp::Admit {
        key,
        person: name.clone(),
        role,
        letter: letter.clone(),
    };
    put(plan, &told)?;
    plan.say(format!(
        "{name} is let in as {}; the ids that {name} gives end in \"{letter}\".",
        role_word(role)
    ));
    Ok(())
}

fn change(plan: &mut Plan<'_, '_>, person: &str, role: Role) -> Result<(), Refusal> {
    for member in may_change(&plan.writing.reader(), person, false)? {
        let cut = tips(plan, member.key)?;
        put(
            plan,
            &MemberOp::Role {
                key: member.key,
                role,
                cut,
            },
        )?;
        let name = member.person;
        plan.say(format!("{name} is {} from now on.", role_word(role)));
    }
    Ok(())
}

fn remove(plan: &mut Plan<'_, '_>, person: &str) -> Result<(), Refusal> {
    for member in may_change(&plan.writing.reader(), person, true)? {
        let cut = tips(plan, member.key)?;
        put(
            plan,
            &MemberOp::Remove {
                key: member.key,
                cut,
            },
        )?;
        let name = member.person;
        plan.say(format!(
            "{name} is removed: what {name}'s device writes from now on does not count."
        ));
    }
    Ok(())
}

/// The ends of a key's chains as they are known here.
fn tips(plan: &Plan<'_, '_>, key: Key) -> Result<Vec<crate::ledger::Hash>, Refusal> {
    let lines = plan.writing.reader().lines()?;
    let of = lines.into_iter().filter(|line| line.key == Some(key));
    Ok(of.map(|line| line.tip).collect())
}

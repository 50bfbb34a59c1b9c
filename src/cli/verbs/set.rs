//! `set`: any field of any record that is written by hand.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Verb = Verb {
    name: "set",
    about: "Write fields of a record; an empty value empties one",
    group: Group::Records,
    args: SetArgs::augment_args,
    run,
};

#[derive(Args)]
struct SetArgs {
    /// The record
    id: String,
    /// What to write
    #[arg(required = true, value_name = "FIELD=VALUE")]
    fields: Vec<String>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(SetArgs::from_arg_matches(matches))?;
    let mut fields = Vec::new();
    for pair in &args.fields {
        let Some((field, value)) = pair.split_once('=') else {
            return Err(Refusal::usage(
                format!("{pair:?} is not FIELD=VALUE."),
                format!("Write `relmate set {} FIELD=VALUE`.", args.id),
            ));
        };
        fields.push((field.to_owned(), value.to_owned()));
    }
    context.open()?.perform(&Action::Set {
        id: args.id,
        fields,
    })
}

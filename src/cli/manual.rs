//! The manual page, from the same table as the help.

use std::fmt::Write;

use super::verb::Group;
use super::verbs::VERBS;

/// The page in roff.
pub fn page() -> String {
    let mut command = super::command();
    command.build();
    let mut text = Vec::new();
    let man = clap_mangen::Man::new(command.clone());
    // Writing into memory cannot fail.
    drop(man.render_title(&mut text));
    drop(man.render_name_section(&mut text));
    drop(man.render_synopsis_section(&mut text));
    drop(man.render_description_section(&mut text));
    let mut page = String::from_utf8_lossy(&text).into_owned();
    for group in Group::ALL {
        drop(writeln!(page, ".SH \"{}\"", group.title().to_uppercase()));
        for verb in VERBS.iter().filter(|verb| verb.group == group) {
            drop(writeln!(page, ".TP\n\\fBrelmate {}\\fR\n{}.", roff(verb.name), roff(verb.about)));
            let leaf = (verb.args)(clap::Command::new("x"));
            for arg in leaf.get_arguments() {
                drop(writeln!(page, ".RS\n.TP\n\\fB{}\\fR\n{}\n.RE", roff(&named(arg)), roff(&help(arg))));
            }
        }
    }
    let mut tail = Vec::new();
    drop(man.render_options_section(&mut tail));
    drop(man.render_extra_section(&mut tail));
    page.push_str(&String::from_utf8_lossy(&tail));
    page.push_str(ENVIRONMENT);
    page
}

const ENVIRONMENT: &str = "\
.SH ENVIRONMENT
.TP
\\fBRELMATE_DESK\\fR
The desk, as with \\-\\-desk.
.TP
\\fBRELMATE_CONFIG\\fR
The configuration file, as with \\-\\-config.
.TP
\\fBRELMATE_NOW\\fR
Replaces the clock (RFC 3339), for rehearsals and tests.
.TP
\\fBNO_COLOR\\fR
No colour, on the screen and in the shell.
.TP
\\fBXDG_DATA_HOME, XDG_CONFIG_HOME, XDG_STATE_HOME\\fR
Where desks, configuration and state live; `relmate paths` prints them.
";

fn named(arg: &clap::Arg) -> String {
    let value = arg
        .get_value_names()
        .filter(|_| arg.get_action().takes_values())
        .map(|names| names.join(" "))
        .unwrap_or_default();
    match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(long)) => format!("-{short}, --{long} {value}").trim_end().to_owned(),
        (None, Some(long)) => format!("--{long} {value}").trim_end().to_owned(),
        (Some(short), None) => format!("-{short} {value}").trim_end().to_owned(),
        (None, None) => arg.get_id().as_str().to_uppercase(),
    }
}

fn help(arg: &clap::Arg) -> String {
    arg.get_help().map(ToString::to_string).unwrap_or_default()
}

/// Text that roff takes as text.
fn roff(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-").replace('\n', " ")
}

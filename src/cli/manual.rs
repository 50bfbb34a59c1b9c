//! The manual page, from the same table as the help.

use std::io::Write;

use super::verbs::verbs;
use crate::workspace::deed::Group;

/// The page in roff.
pub fn page() -> String {
    let mut text = Vec::new();
    // Memory takes every byte, so the result says nothing.
    write(&mut text).unwrap_or_default();
    String::from_utf8_lossy(&text).into_owned()
}

fn write(out: &mut impl Write) -> std::io::Result<()> {
    let mut command = super::command();
    command.build();
    let man = clap_mangen::Man::new(command);
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    for group in Group::ALL {
        writeln!(out, ".SH \"{}\"", group.title().to_uppercase())?;
        for verb in verbs().filter(|verb| verb.group() == group) {
            writeln!(out, ".TP\n\\fBrelmate {}\\fR", roff(verb.name()))?;
            writeln!(out, "{}.", roff(verb.about()))?;
            for arg in verb.with_args(clap::Command::new("verb")).get_arguments() {
                let (name, help) = (roff(&named(arg)), roff(&help(arg)));
                writeln!(out, ".RS\n.TP\n\\fB{name}\\fR\n{help}\n.RE")?;
            }
        }
    }
    man.render_options_section(out)?;
    man.render_extra_section(out)?;
    out.write_all(ENVIRONMENT.as_bytes())
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
\\fBCOLORTERM, TERM\\fR
How many colours the terminal has: `truecolor` or `24bit`, 256, or sixteen.
.TP
\\fBVISUAL, EDITOR\\fR
The editor for longer texts on the screen, with its arguments.
.TP
\\fBBROWSER\\fR
The program that opens links, if the configuration names none.
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
    text.replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('\n', " ")
}

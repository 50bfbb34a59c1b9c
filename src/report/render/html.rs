//! A report as one HTML page that needs nothing else: no script, no picture, no address
//! outside. Every text is escaped.

use super::put;
use crate::domain::plain::{plain, plain_lines};
use crate::report::document::{Document, Part, Shown, Table, written};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;\
padding:0 1em;color:#1a1a1a;background:#fff}\
table{border-collapse:collapse;margin:1em 0}\
th,td{border:1px solid #767676;padding:.25em .6em;text-align:left;vertical-align:top}\
th{background:#eee}td.n{text-align:right}td{white-space:pre-line}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#111}th{background:#333}}";

pub fn html(document: &Document) -> String {
    let title = one_line(&document.title);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    for part in &document.parts {
        match part {
            Part::Heading(text) => put(&mut out, format_args!("<h2>{}</h2>\n", one_line(text))),
            Part::Text(text) => put(&mut out, format_args!("<p>{}</p>\n", one_line(text))),
            Part::List(items) => {
                out.push_str("<ul>\n");
                for item in items {
                    put(&mut out, format_args!("<li>{}</li>\n", one_line(item)));
                }
                out.push_str("</ul>\n");
            }
            Part::Table(table) if !table.shown.to_people() => {}
            Part::Table(table) if table.rows.is_empty() => {
                put(&mut out, format_args!("<p>{}</p>\n", one_line(table.empty)));
            }
            Part::Table(table) => rows(table, &mut out),
        }
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn rows(table: &Table, out: &mut String) {
    let columns = table.seen(Shown::to_people);
    out.push_str("<table>\n<thead>\n<tr>");
    for (_, column) in &columns {
        put(
            out,
            format_args!("<th scope=\"col\">{}</th>", one_line(&column.label)),
        );
    }
    out.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for (at, _) in &columns {
            let text = row.get(*at).map(written).unwrap_or_default();
            let class = if super::markdown::numeric(table, *at) {
                " class=\"n\""
            } else {
                ""
            };
            put(
                out,
                format_args!("<td{class}>{}</td>", escaped(&plain_lines(&text))),
            );
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
}

fn one_line(text: &str) -> String {
    escaped(&plain(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::tests::hostile;

    #[test]
    fn nothing_in_a_report_is_a_tag_and_the_page_needs_nothing_outside() {
        let page = html(&hostile());
        assert!(
            page.contains("&lt;script&gt;alert(1)&lt;/script&gt; ␛[31m"),
            "{page}"
        );
        assert!(page.contains("&lt;img src=x onerror=1&gt;"));
        assert!(page.contains("<td class=\"n\">-3</td>"));
        for bad in [
            "<script", "<img", "<link", "http", "src=\"", "url(", "<b>", "\u{1b}", "\u{202e}",
        ] {
            assert!(!page.contains(bad), "{bad:?} is in {page}");
        }
    }
}

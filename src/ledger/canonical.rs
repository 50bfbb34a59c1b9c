//! The one spelling of a value (RFC 8785 without floats, which a commit cannot hold).
//! Refuses to be used for storing commits: their bytes are kept as they came.

use std::fmt::Write;

use serde_json::Value;

/// Writes a value with sorted keys and no space, so that equal values have equal text.
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => drop(write!(out, "{number}")),
        Value::String(text) => string(text, out),
        Value::Array(list) => {
            out.push('[');
            for (place, item) in list.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            // UTF-16 order differs from byte order beyond the basic plane.
            entries.sort_unstable_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            out.push('{');
            for (place, (key, item)) in entries.into_iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                string(key, out);
                out.push(':');
                write(item, out);
            }
            out.push('}');
        }
    }
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => drop(write!(out, "\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_by_utf16_and_nothing_is_spaced() {
        let value =
            json!({"\u{fb33}": 1, "\u{1f600}": -2, "b": [null, true, "a\n\u{1}\"é"], "a": {}});
        assert_eq!(
            canonical(&value),
            "{\"a\":{},\"b\":[null,true,\"a\\n\\u0001\\\"é\"],\"\u{1f600}\":-2,\"\u{fb33}\":1}"
        );
    }
}

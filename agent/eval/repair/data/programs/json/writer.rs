//! A value -> text.
use crate::value::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Compact,
    Indented { by: usize },
}

impl Layout {
    pub fn write(self, value: &Value) -> String {
        let mut out = String::new();
        self.put(value, 0, &mut out);
        out
    }

    fn put(self, value: &Value, depth: usize, out: &mut String) {
        match value {
            Value::Null => out.push_str("null"),
            Value::Bool(set) => out.push_str(&set.to_string()),
            Value::Number(number) => out.push_str(&number.to_string()),
            Value::Text(text) => quote(text, out),
            Value::List(items) => {
                let count = items.len();
                self.group(('[', ']'), count, depth, out, |index, out| self.put(&items[index], depth + 1, out));
            }
            Value::Object(fields) => {
                let fields: Vec<(&String, &Value)> = fields.iter().collect();
                self.group(('{', '}'), fields.len(), depth, out, |index, out| {
                    let (name, value) = fields[index];
                    quote(name, out);
                    out.push_str(if self == Layout::Compact { ":" } else { ": " });
                    self.put(value, depth + 1, out);
                });
            }
        }
    }

    fn group(
        self,
        (open, close): (char, char),
        count: usize,
        depth: usize,
        out: &mut String,
        mut item: impl FnMut(usize, &mut String),
    ) {
        out.push(open);
        for index in 0..count {
            if index > 0 {
                out.push(',');
            }
            self.line(depth + 1, out);
            item(index, out);
        }
        if count > 0 {
            self.line(depth, out);
        }
        out.push(close);
    }

    fn line(self, depth: usize, out: &mut String) {
        if let Layout::Indented { by } = self {
            out.push('\n');
            out.push_str(&" ".repeat(by * depth));
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
}

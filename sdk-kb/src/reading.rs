//! How the ranking by words reads an item: what its fields count, and what it is called.
use crate::item::{Item, Kind};
use crate::tokens::{Analysis, name, names_of_title};

/// What an occurrence of a word counts in each field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// How texts become words.
    pub analysis: Analysis,
    /// In the title.
    pub title: f32,
    /// In what people call it who do not know its name.
    pub asked: f32,
    /// In the first paragraph: of tasks the questions that they answer, of functions what they do.
    pub lead: f32,
    /// In the rest of the text.
    pub text: f32,
    /// In code.
    pub code: f32,
}

impl Default for Reading {
    fn default() -> Self {
        Self { analysis: Analysis::default(), title: 5.0, asked: 1.5, lead: 1.0, text: 0.5, code: 0.3 }
    }
}

impl Reading {
    pub(crate) fn fields(&self, item: &Item) -> [(f32, Vec<String>); 5] {
        let (lead, rest) = item.lead_and_rest();
        let fields = [
            (self.title, item.title.as_str()),
            (self.asked, &item.asked),
            (self.lead, lead),
            (self.text, rest),
            (self.code, &item.code),
        ];
        fields.map(|(weight, text)| (weight, self.analysis.tokens(text)))
    }
}

/// The words for what an item is called: its names, and for what has a number on the wire what people say for that.
pub(crate) fn names(item: &Item) -> Vec<String> {
    let mut names = names_of_title(&item.title);
    let said: &[&str] = match item.kind {
        Kind::MavlinkMessage => &["message", "msg", "message id", "msg id"],
        Kind::MavlinkCommand => &["command", "cmd", "mav_cmd"],
        Kind::Mode => &["mode", "mode number", "custom mode"],
        _ => &[],
    };
    if let Some(number) = item.number() {
        names.extend(said.iter().map(|said| name(&format!("{said}{number}"))));
    }
    names
}

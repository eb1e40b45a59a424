//! What does a page of the console consist of? Plain data, filled by one function per page and drawn
//! by one template. Every text in it is final: in the visitor's language, or as Twilio told it.

use super::form::Form;

/// A page.
#[derive(Debug, Default)]
pub struct Page {
    /// The HTTP status; nothing is 200.
    pub status: u16,
    /// The heading, and the document's title.
    pub title: String,
    /// A sentence below it.
    pub lead: String,
    /// The entry of the navigation it belongs to.
    pub place: &'static str,
    /// The pages above it.
    pub crumbs: Vec<Link>,
    /// What can be done here, beside the heading.
    pub acts: Vec<Act>,
    /// What was wrong, each with the field it is about.
    pub flaws: Vec<Link>,
    /// What was done just now, or what is wrong with the whole page.
    pub notices: Vec<Notice>,
    /// Its sections.
    pub sections: Vec<Section>,
    /// Where the browser is to go by itself.
    pub onward: String,
}

/// A part of a page with a heading of its own.
#[derive(Debug, Default)]
pub struct Section {
    /// Its anchor; `live` is taken in anew while somebody types.
    pub id: &'static str,
    /// Its heading; may be empty.
    pub title: String,
    /// What can be done with it, beside the heading.
    pub acts: Vec<Act>,
    /// What it consists of.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// A small heading.
    Heading(String),
    /// Something to notice.
    Notice(Notice),
    /// Names with their values.
    Facts(Vec<Fact>),
    /// Rows.
    Table(Table),
    /// Something to fill in.
    Form(Box<Form>),
    /// Steps, with those that are done.
    Steps(Vec<Step>),
    /// A text to be copied.
    Copy(Copy),
    /// What can be done.
    Acts(Vec<Act>),
    /// A message as a customer's phone shows it.
    Phone(Phone),
    /// One thing in two versions.
    Compare(Vec<Difference>),
    /// A list of plain entries.
    List(Vec<Cell>),
}

/// How something is meant: `good`, `warn`, `bad`, `plain`; `waiting` for what will come by itself, upon which
/// a page with a script shows itself anew.
pub type Tone = &'static str;

/// Something to notice.
#[derive(Debug, Default)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// In short.
    pub title: String,
    /// What about it.
    pub text: String,
    /// What can be done about it.
    pub acts: Vec<Act>,
}

/// A name with its value.
#[derive(Debug)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Cell,
}

/// A piece of text with a meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bit {
    /// As it stands.
    Text(String),
    /// An identifier, a number, an address: read digit by digit.
    Code(String),
    /// Less important.
    Soft(String),
    /// A link.
    Link(Link),
    /// A state.
    Badge(Tone, String),
    /// A value that became another: the field, before, after.
    Change(String, String, String),
    /// A moment: as UTC text, and in Unix milliseconds for the script to write locally.
    Time(String, i64),
}

/// Pieces of text beside each other.
pub type Cell = Vec<Bit>;

/// Rows under headings.
#[derive(Debug, Default)]
pub struct Table {
    /// What it lists, for who cannot see it.
    pub name: String,
    /// The headings.
    pub heads: Vec<String>,
    /// The rows; the first cell of each names it.
    pub rows: Vec<Vec<Cell>>,
    /// What stands here if there is none.
    pub empty: String,
}

/// A step.
#[derive(Debug)]
pub struct Step {
    /// `done`, `now` or `later`.
    pub state: &'static str,
    /// Its name, leading to its page if there is one.
    pub link: Link,
    /// What it is about.
    pub text: String,
}

/// A text to be copied.
#[derive(Debug)]
pub struct Copy {
    /// The field's name in the page.
    pub id: &'static str,
    /// What it is.
    pub label: String,
    /// The text.
    pub value: String,
    /// Where it belongs.
    pub hint: String,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Where to.
    pub href: String,
    /// Its text.
    pub text: String,
}

/// A link or a button that looks like something to do.
#[derive(Debug, Default)]
pub struct Act {
    /// Where to.
    pub href: String,
    /// What stands on it.
    pub text: String,
    /// `first` for what one came for, `danger` for what ends something, or nothing.
    pub look: &'static str,
    /// Whether it changes something: a button, which only administrators get.
    pub post: bool,
    /// What is sent with it.
    pub hidden: Vec<(&'static str, String)>,
}

/// A message as a customer's phone shows it.
#[derive(Debug, Default)]
pub struct Phone {
    /// What is shown.
    pub label: String,
    /// The text; values that were filled in are marked.
    pub body: Vec<(bool, String)>,
    /// The small line.
    pub footer: String,
    /// The buttons' titles.
    pub buttons: Vec<String>,
}

/// A field in two versions.
#[derive(Debug)]
pub struct Difference {
    /// The field.
    pub name: String,
    /// As it is stored.
    pub theirs: String,
    /// As it was typed, or as it is now.
    pub yours: String,
    /// Whether they differ.
    pub differs: bool,
}

impl Link {
    /// A link.
    #[must_use]
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            text: text.into(),
        }
    }
}

impl Act {
    /// Something that leads elsewhere.
    #[must_use]
    pub fn link(href: impl Into<String>, text: &str) -> Self {
        Self {
            href: href.into(),
            text: text.into(),
            ..Self::default()
        }
    }

    /// Something that changes what is there: the form's `do` says what.
    #[must_use]
    pub fn button(href: impl Into<String>, deed: &str, text: &str) -> Self {
        let mut act = Self::link(href, text);
        act.post = true;
        act.hidden.push(("do", deed.into()));
        act
    }

    /// With another look.
    #[must_use]
    pub fn look(mut self, look: &'static str) -> Self {
        self.look = look;
        self
    }

    /// With something more to send.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.hidden.push((name, value.into()));
        self
    }
}

impl Notice {
    /// A notice.
    #[must_use]
    pub fn new(tone: Tone, title: &str, text: impl Into<String>) -> Self {
        Self {
            tone,
            title: title.into(),
            text: text.into(),
            acts: Vec::new(),
        }
    }
}

impl Table {
    /// The heading over a cell, which narrow screens show beside it.
    #[must_use]
    pub fn head(&self, column: usize) -> &str {
        self.heads.get(column).map_or("", String::as_str)
    }
}

impl Section {
    /// A section with a heading.
    #[must_use]
    pub fn new(title: &str) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// Adds a name with its value.
    pub fn fact(&mut self, name: &str, value: Cell) {
        if !matches!(self.blocks.last(), Some(Block::Facts(_))) {
            self.blocks.push(Block::Facts(Vec::new()));
        }
        if let Some(Block::Facts(facts)) = self.blocks.last_mut() {
            let name = name.into();
            facts.push(Fact { name, value });
        }
    }

    /// Adds a paragraph.
    pub fn text(&mut self, text: &str) {
        self.blocks.push(Block::Text(text.into()));
    }

    /// Adds a notice.
    pub fn notice(&mut self, tone: Tone, text: impl Into<String>) {
        self.blocks.push(Block::Notice(Notice::new(tone, "", text)));
    }

    /// Adds a form.
    pub fn form(&mut self, form: Form) {
        self.blocks.push(Block::Form(Box::new(form)));
    }
}

/// A text as it stands.
#[must_use]
pub fn plain(text: impl Into<String>) -> Cell {
    vec![Bit::Text(text.into())]
}

/// An identifier, or a dash if there is none.
#[must_use]
pub fn code(text: &str) -> Cell {
    if text.is_empty() {
        plain("–")
    } else {
        vec![Bit::Code(text.into())]
    }
}

/// A link on its own.
#[must_use]
pub fn linked(href: impl Into<String>, text: &str) -> Cell {
    vec![Bit::Link(Link::new(href, text))]
}

/// A state on its own.
#[must_use]
pub fn badge(tone: Tone, text: &str) -> Cell {
    vec![Bit::Badge(tone, text.into())]
}

//! What is wrong with a submission, where, and by which facts is it told?
//!
//! Words stand in the locale files, under the code.

/// Something for which a template would be refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The field it concerns.
    pub place: Place,
    /// What is wrong with it.
    pub fault: Fault,
}

/// A field of a submission. Buttons are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// `name`
    Name,
    /// `language`
    Language,
    /// `category`
    Category,
    /// `body`
    Body,
    /// `footer`
    Footer,
    /// `buttons`
    Buttons,
    /// `buttons[1]`
    Button(usize),
    /// `buttons[1].title`
    ButtonTitle(usize),
    /// `buttons[1].target`
    ButtonTarget(usize),
    /// `samples`
    Samples,
}

/// What is wrong with a field. Lengths are in UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing can be seen in it.
    Blank,
    /// It is too long.
    TooLong {
        /// The most there may be.
        most: u32,
        /// How much there is.
        actual: u32,
    },
    /// It is too long once the samples are filled in.
    TooLongWithSamples {
        /// The most there may be.
        most: u32,
        /// How much there is.
        actual: u32,
    },
    /// A name has lower-case letters, digits and `_` only.
    NameMalformed,
    /// A language is written `it` or `en_GB`.
    LanguageMalformed,
    /// Templates for one-time codes are made in Twilio's console.
    NotSupportedHere,
    /// Braces that are no variable: where they begin, up to 40 characters.
    VariableMalformed(String),
    /// A variable's name has at most 16 characters.
    VariableNameTooLong {
        /// The name.
        variable: String,
        /// The most characters.
        most: u32,
        /// How many there are.
        actual: u32,
    },
    /// Too many variables.
    TooManyVariables {
        /// The most there may be.
        most: u32,
        /// How many there are.
        actual: u32,
    },
    /// Some variables are numbers, others are names.
    VariablesMixed,
    /// Numbered variables appear as `1`, `2`, `3`…
    VariablesNotSequential {
        /// The one that should have come.
        expected: String,
        /// The one that came.
        actual: String,
    },
    /// The text begins with a variable.
    VariableFirst(String),
    /// The text ends with a variable.
    VariableLast(String),
    /// Nothing stands between two variables.
    VariablesAdjacent {
        /// The one.
        first: String,
        /// The next.
        second: String,
    },
    /// Too few other words for so many variables.
    TooFewWords {
        /// The fewest there must be: twice the variables, and one.
        least: u32,
        /// How many there are.
        actual: u32,
    },
    /// A variable where none may be.
    VariableNotAllowed(String),
    /// In an address only one variable may be, and only at its end.
    AddressVariable(String),
    /// Several line breaks in a row, or one where none may be.
    LineBreaks {
        /// The most in a row.
        most: u32,
    },
    /// A tab.
    Tab,
    /// Too many spaces in a row.
    Spaces {
        /// The most in a row.
        most: u32,
    },
    /// An emoji where none may be.
    Emoji(String),
    /// Too many buttons, in all or of one kind.
    TooManyButtons {
        /// The most there may be.
        most: u32,
        /// How many there are, up to this one.
        actual: u32,
    },
    /// Quick replies stand among other buttons: they must all come first, or all last.
    ButtonsNotGrouped,
    /// Another button has this title.
    TitleRepeated,
    /// A page's address begins with `https://` or `http://` and has no blanks.
    AddressMalformed,
    /// A phone number is `+` and 7 to 15 digits.
    PhoneMalformed,
    /// A variable has no sample in which something can be seen.
    SampleMissing(String),
    /// A sample for a variable that is not there.
    SampleUnexpected(String),
    /// A second sample for one variable.
    SampleRepeated(String),
    /// A line break, a tab or more than four spaces in a row in a sample.
    SampleWhitespace(String),
}

/// A fact about a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A number: a limit, a length.
    Number(u32),
    /// A text: a variable's name.
    Text(String),
}

impl Finding {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.fault.code()
    }

    /// The field as the API writes it: `buttons[1].title`.
    #[must_use]
    pub fn field(&self) -> String {
        let button = |at: usize, of: &str| format!("buttons[{at}]{of}");
        match self.place {
            Place::Name => "name".into(),
            Place::Language => "language".into(),
            Place::Category => "category".into(),
            Place::Body => "body".into(),
            Place::Footer => "footer".into(),
            Place::Buttons => "buttons".into(),
            Place::Button(at) => button(at, ""),
            Place::ButtonTitle(at) => button(at, ".title"),
            Place::ButtonTarget(at) => button(at, ".target"),
            Place::Samples => "samples".into(),
        }
    }

    /// The facts by name.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, Fact)> {
        self.fault.facts()
    }
}

impl Fault {
    /// The stable code; the words stand in the locale files.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TooLong { .. } => "too-long",
            Self::TooLongWithSamples { .. } => "too-long-with-samples",
            Self::NameMalformed => "name-malformed",
            Self::LanguageMalformed => "language-malformed",
            Self::NotSupportedHere => "not-supported-here",
            Self::VariableMalformed(_) => "variable-malformed",
            Self::VariableNameTooLong { .. } => "variable-name-too-long",
            Self::TooManyVariables { .. } => "too-many-variables",
            Self::VariablesMixed => "variables-mixed",
            Self::VariablesNotSequential { .. } => "variables-not-sequential",
            Self::VariableFirst(_) => "variable-first",
            Self::VariableLast(_) => "variable-last",
            Self::VariablesAdjacent { .. } => "variables-adjacent",
            Self::TooFewWords { .. } => "too-few-words",
            Self::VariableNotAllowed(_) => "variable-not-allowed",
            Self::AddressVariable(_) => "address-variable",
            Self::LineBreaks { .. } => "line-breaks",
            Self::Tab => "tab",
            Self::Spaces { .. } => "spaces",
            Self::Emoji(_) => "emoji",
            Self::TooManyButtons { .. } => "too-many-buttons",
            Self::ButtonsNotGrouped => "buttons-not-grouped",
            Self::TitleRepeated => "title-repeated",
            Self::AddressMalformed => "address-malformed",
            Self::PhoneMalformed => "phone-malformed",
            Self::SampleMissing(_) => "sample-missing",
            Self::SampleUnexpected(_) => "sample-unexpected",
            Self::SampleRepeated(_) => "sample-repeated",
            Self::SampleWhitespace(_) => "sample-whitespace",
        }
    }

    /// The facts by name: `most`, `least`, `actual`, `expected`, `variable`, `first`, `second`, `text`.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, Fact)> {
        let number = |name, value: &u32| (name, Fact::Number(*value));
        let text = |name, value: &String| (name, Fact::Text(value.clone()));
        match self {
            Self::TooLong { most, actual }
            | Self::TooLongWithSamples { most, actual }
            | Self::TooManyVariables { most, actual }
            | Self::TooManyButtons { most, actual } => {
                vec![number("most", most), number("actual", actual)]
            }
            Self::TooFewWords { least, actual } => {
                vec![number("least", least), number("actual", actual)]
            }
            Self::LineBreaks { most } | Self::Spaces { most } => vec![number("most", most)],
            Self::VariableNameTooLong {
                variable,
                most,
                actual,
            } => vec![
                text("variable", variable),
                number("most", most),
                number("actual", actual),
            ],
            Self::VariablesNotSequential { expected, actual } => {
                vec![text("expected", expected), text("actual", actual)]
            }
            Self::VariablesAdjacent { first, second } => {
                vec![text("first", first), text("second", second)]
            }
            Self::VariableMalformed(part) | Self::Emoji(part) => vec![text("text", part)],
            Self::VariableFirst(variable)
            | Self::VariableLast(variable)
            | Self::VariableNotAllowed(variable)
            | Self::AddressVariable(variable)
            | Self::SampleMissing(variable)
            | Self::SampleUnexpected(variable)
            | Self::SampleRepeated(variable)
            | Self::SampleWhitespace(variable) => vec![text("variable", variable)],
            Self::Blank
            | Self::NameMalformed
            | Self::LanguageMalformed
            | Self::NotSupportedHere
            | Self::VariablesMixed
            | Self::Tab
            | Self::ButtonsNotGrouped
            | Self::TitleRepeated
            | Self::AddressMalformed
            | Self::PhoneMalformed => Vec::new(),
        }
    }
}

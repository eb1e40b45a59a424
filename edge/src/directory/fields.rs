//! What is wrong with a body, and where? Reads a JSON object field by field, so that a flaw is told
//! with the field's place: `localizations[0].body`.

use crate::json;
use crate::problem::Problem;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A JSON object and its place in the body.
pub struct Fields<'a> {
    map: &'a Map<String, Value>,
    place: String,
}

/// A flaw in one field: `400`, with its place and what to do.
#[must_use]
pub fn flaw(field: &str, remedy: &str, detail: &str) -> Problem {
    Problem::new(400, "field-invalid")
        .fact("field", field)
        .remedy(remedy)
        .because(detail)
}

impl<'a> Fields<'a> {
    /// The body's own fields.
    ///
    /// # Errors
    /// If it is no object.
    pub fn of(body: &'a Value) -> Result<Self, Problem> {
        Self::at(body, String::new())
    }

    fn at(value: &'a Value, place: String) -> Result<Self, Problem> {
        match value {
            Value::Object(map) => Ok(Self { map, place }),
            _ => Err(flaw(&place, "give-object", "An object is wanted here.")),
        }
    }

    /// The full place of a field.
    #[must_use]
    pub fn place(&self, name: &str) -> String {
        if self.place.is_empty() {
            name.into()
        } else {
            format!("{}.{name}", self.place)
        }
    }

    /// A flaw in a field of this object.
    #[must_use]
    pub fn flaw(&self, name: &str, remedy: &str, detail: &str) -> Problem {
        flaw(&self.place(name), remedy, detail)
    }

    /// Refuses fields that nobody reads: a misspelt one would otherwise be lost in silence.
    ///
    /// # Errors
    /// If there is a field that is not among `names`.
    pub fn only(&self, names: &[&str]) -> Result<(), Problem> {
        match self.map.keys().find(|name| !names.contains(&name.as_str())) {
            Some(name) => Err(self.flaw(name, "remove-field", "There is no such field.")),
            None => Ok(()),
        }
    }

    /// The field, unless it is absent or `null`.
    fn given(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// Whether the field stands there as `null`.
    #[must_use]
    pub fn is_null(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(Value::is_null)
    }

    /// Whether the field is there, `null` included.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// The names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.map.keys().map(String::as_str)
    }

    /// An object within this one.
    ///
    /// # Errors
    /// If it is absent or no object.
    pub fn object(&self, name: &str) -> Result<Fields<'a>, Problem> {
        self.optional_object(name)?
            .ok_or_else(|| self.flaw(name, "give-field", "This field is required."))
    }

    /// An object within this one, or `None` if it is absent.
    ///
    /// # Errors
    /// If it is no object.
    pub fn optional_object(&self, name: &str) -> Result<Option<Fields<'a>>, Problem> {
        self.given(name)
            .map(|value| Fields::at(value, self.place(name)))
            .transpose()
    }

    /// A text, or `None` if it is absent.
    ///
    /// # Errors
    /// If it is no text.
    pub fn optional_text(&self, name: &str) -> Result<Option<&'a str>, Problem> {
        match self.given(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.flaw(name, "give-text", "A text is wanted here.")),
        }
    }

    /// A text that shows something, of at most `longest` UTF-16 units, without space around it.
    ///
    /// # Errors
    /// If it is absent, no text, blank or too long.
    pub fn text(&self, name: &str, longest: usize) -> Result<String, Problem> {
        let text = self
            .optional_text(name)?
            .ok_or_else(|| self.flaw(name, "give-field", "This field is required."))?
            .trim_matches(shared::text::is_space);
        if text.is_empty() {
            return Err(self.flaw(name, "give-text", "Nothing can be seen in it."));
        }
        self.short(name, text, longest)
    }

    fn short(&self, name: &str, text: &str, longest: usize) -> Result<String, Problem> {
        let actual = shared::text::utf16_len(text);
        if actual > longest {
            let flaw = self.flaw(name, "shorten-text", "It is too long.");
            return Err(flaw.fact("limit", longest).fact("actual", actual));
        }
        Ok(text.into())
    }

    /// A text that may be blank; absent is empty.
    ///
    /// # Errors
    /// If it is no text or too long.
    pub fn text_or_empty(&self, name: &str, longest: usize) -> Result<String, Problem> {
        let text = self.optional_text(name)?.unwrap_or_default();
        self.short(name, text, longest)
    }

    /// Yes or no, or `None` if it is absent.
    ///
    /// # Errors
    /// If it is something else.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.given(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.flaw(name, "give-boolean", "true or false is wanted here.")),
        }
    }

    /// A whole number within `lowest..=highest`, or `None` if it is absent.
    ///
    /// # Errors
    /// If it is something else.
    pub fn integer(&self, name: &str, lowest: i64, highest: i64) -> Result<Option<i64>, Problem> {
        let Some(value) = self.given(name) else {
            return Ok(None);
        };
        match value
            .as_i64()
            .filter(|number| (lowest..=highest).contains(number))
        {
            Some(number) => Ok(Some(number)),
            None => {
                let flaw = self.flaw(
                    name,
                    "give-number-in-range",
                    "A whole number within the limits is wanted here.",
                );
                Err(flaw.fact("lowest", lowest).fact("highest", highest))
            }
        }
    }

    /// A word out of a closed list.
    ///
    /// # Errors
    /// If it is absent or another word; the detail lists those allowed.
    pub fn word<T: DeserializeOwned>(&self, name: &str) -> Result<T, Problem> {
        let value = self
            .given(name)
            .ok_or_else(|| self.flaw(name, "give-field", "This field is required."))?;
        json::word(value).map_err(|error| self.flaw(name, "give-known-word", &error.to_string()))
    }

    /// The items of a list with their places, or `None` if it is absent.
    ///
    /// # Errors
    /// If it is no list, or has more than `most` items.
    pub fn list(
        &self,
        name: &str,
        most: usize,
    ) -> Result<Option<Vec<(&'a Value, String)>>, Problem> {
        let items = match self.given(name) {
            None => return Ok(None),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(self.flaw(name, "give-list", "A list is wanted here.")),
        };
        if items.len() > most {
            let flaw = self.flaw(name, "shorten-list", "It is too long.");
            return Err(flaw.fact("limit", most).fact("actual", items.len()));
        }
        let place = |index| format!("{}[{index}]", self.place(name));
        Ok(Some(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| (item, place(index)))
                .collect(),
        ))
    }

    /// A list of objects; absent is empty.
    ///
    /// # Errors
    /// If it is no list of objects, or has more than `most`.
    pub fn objects(&self, name: &str, most: usize) -> Result<Vec<Fields<'a>>, Problem> {
        let items = self.list(name, most)?.unwrap_or_default();
        items
            .into_iter()
            .map(|(item, place)| Fields::at(item, place))
            .collect()
    }

    /// A list of texts, each with its place, or `None` if it is absent.
    ///
    /// # Errors
    /// If it is no list of texts, or has more than `most`.
    pub fn texts(
        &self,
        name: &str,
        most: usize,
    ) -> Result<Option<Vec<(&'a str, String)>>, Problem> {
        let Some(items) = self.list(name, most)? else {
            return Ok(None);
        };
        let text = |(item, place): (&'a Value, String)| match item {
            Value::String(text) => Ok((text.as_str(), place)),
            _ => Err(flaw(&place, "give-text", "A text is wanted here.")),
        };
        items
            .into_iter()
            .map(text)
            .collect::<Result<_, _>>()
            .map(Some)
    }
}

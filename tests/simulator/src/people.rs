//! Who is behind an address on WhatsApp, and what have they decided?
//!
//! A person is their business-scoped id. A phone number belongs to one person at a time: when it turns up
//! with another id it has changed hands, and nothing of the former owner's is passed on.

use std::collections::{HashMap, HashSet};

use crate::address;

/// One customer of ours on WhatsApp.
#[derive(Debug, Clone)]
pub struct Person {
    /// Business-scoped id, without the channel's prefix.
    pub id: String,
    /// The number, unless the person hides it behind a username.
    pub phone: Option<String>,
    /// The name on the profile.
    pub name: Option<String>,
    /// Blocked our senders: messages stay `sent` for ever.
    pub blocked: bool,
    /// Has WhatsApp at all.
    pub on_whatsapp: bool,
    /// The senders this person told to stop.
    pub opted_out_of: HashSet<String>,
}

/// Everybody who was ever mentioned.
#[derive(Debug, Default)]
pub struct People {
    by_id: HashMap<String, Person>,
    owner_of_phone: HashMap<String, String>,
    order: Vec<String>,
}

impl People {
    /// The id of the person behind an address; a new person if nobody is. `id` says whose number it is now.
    pub fn identify(&mut self, address: &str, id: Option<&str>) -> String {
        let phone = address::is_phone(address).then_some(address);
        let id = match (id, phone) {
            (Some(id), _) => id.to_owned(),
            (None, Some(phone)) => match self.owner_of_phone.get(phone) {
                Some(owner) => owner.clone(),
                None => address::business_scoped_id(phone),
            },
            (None, None) => address.to_owned(),
        };
        if let Some(phone) = phone
            && let Some(former) = self.owner_of_phone.insert(phone.to_owned(), id.clone())
            && former != id
            && let Some(former) = self.by_id.get_mut(&former)
        {
            former.phone = None;
        }
        if !self.by_id.contains_key(&id) {
            self.order.push(id.clone());
        }
        let person = self.by_id.entry(id.clone()).or_insert_with(|| Person {
            id: id.clone(),
            phone: None,
            name: None,
            blocked: false,
            on_whatsapp: true,
            opted_out_of: HashSet::new(),
        });
        if let Some(phone) = phone {
            person.phone = Some(phone.to_owned());
        }
        id
    }

    /// Somebody by id.
    pub fn get(&self, id: &str) -> Option<&Person> {
        self.by_id.get(id)
    }

    /// Somebody by id, to be changed.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut Person> {
        self.by_id.get_mut(id)
    }

    /// The id of the person behind an address, if there is one already.
    pub fn find(&self, address: &str) -> Option<&str> {
        self.owner_of_phone
            .get(address)
            .or_else(|| self.by_id.get(address).map(|person| &person.id))
            .map(String::as_str)
    }

    /// Everybody, in the order of being mentioned first.
    pub fn all(&self) -> impl Iterator<Item = &Person> {
        self.order.iter().filter_map(|id| self.by_id.get(id))
    }
}

/// What a whole message says about consent, by Twilio's default words.
pub fn consent_word(body: &str) -> Option<&'static str> {
    match body.trim().to_uppercase().as_str() {
        "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" | "REVOKE" | "OPTOUT" => {
            Some("STOP")
        }
        "START" | "UNSTOP" | "YES" => Some("START"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_found_by_number_and_by_id() {
        let mut people = People::default();
        let id = people.identify("+393331234567", Some("IT.77"));
        assert_eq!(id, "IT.77");
        assert_eq!(people.identify("+393331234567", None), "IT.77");
        assert_eq!(people.identify("IT.77", None), "IT.77");
        assert_eq!(people.all().count(), 1);
    }

    #[test]
    fn a_number_with_a_new_id_has_changed_hands() {
        let mut people = People::default();
        people.identify("+393331234567", Some("IT.77"));
        assert_eq!(people.identify("+393331234567", Some("IT.88")), "IT.88");
        assert_eq!(
            people.get("IT.77").and_then(|person| person.phone.clone()),
            None
        );
        assert_eq!(people.find("+393331234567"), Some("IT.88"));
    }

    #[test]
    fn only_a_whole_word_opts_out() {
        assert_eq!(consent_word("  stop \n"), Some("STOP"));
        assert_eq!(consent_word("Start"), Some("START"));
        assert_eq!(consent_word("please stop"), None);
        assert_eq!(consent_word("stop."), None);
    }
}

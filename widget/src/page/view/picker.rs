//! The template picker: a list to choose from, then a field per variable beside the message as it
//! will look on the phone.

use super::bubble::{button, buttons, child};
use super::{Widget, reveal, runs, set_text};
use super::super::dialog::Dialog;
use super::super::ports;
use crate::clock::Moment;
use crate::model::Held;
use crate::phrase::fill;
use crate::picker::{Choice, Picker, obstacle, preview, variables};
use shared::policy::{Refusal, Remedy, authorize};
use shared::template::{Category, Template};
use shared::time::Timestamp;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

impl Widget {
    pub(super) fn show_picker(&mut self, moment: Moment) {
        let mut shown = core::mem::take(&mut self.list.picker);
        let now = self.model.about_now(moment);
        match (&self.model.picker, &self.model.held, self.dialog == Dialog::Open("picker")) {
            (Some(picker), Some(held), true) => {
                let filling = picker.choice.is_some();
                self.hide("back", !filling);
                self.hide("browse", filling);
                self.hide("fill", !filling);
                let [list, fields, text] = &mut shown;
                self.show_choices(picker, held, list, now, moment);
                match &picker.choice {
                    Some(choice) => self.show_filling(choice, held, fields, text, now, moment),
                    None if !fields.is_empty() => {
                        fields.clear();
                        self.text("title", &self.word("picker.title"));
                        self.focus("search");
                    }
                    None => {}
                }
            }
            _ => shown = Default::default(),
        }
        self.list.picker = shown;
    }

    /// The templates that match the search. Built anew only when what they say has changed, so that
    /// the keyboard stays where it is.
    fn show_choices(&self, picker: &Picker, held: &Held, shown: &mut String, now: Timestamp, moment: Moment) {
        let matches = |template: &&Template| {
            let mut text = template.name.clone();
            for localization in &template.localizations {
                text.push('\n');
                text.push_str(&localization.body);
            }
            ports::contains(&self.kit, &text, &picker.search)
        };
        let found: Vec<&Template> = held.sender.templates.iter().filter(matches).collect();
        let key = match (picker.loaded, found.is_empty(), held.sender.templates.is_empty()) {
            (false, _, true) => "picker.loading",
            (_, _, true) => "picker.none",
            (_, true, _) => "picker.no-match",
            _ => "",
        };
        self.text("found", &self.word(key));
        let mut signature = String::from(".");
        let mut lines = Vec::new();
        for template in found {
            for localization in &template.localizations {
                let refusal = obstacle(held, template, localization, now);
                signature.push_str(template.id.as_str());
                signature.push_str(&localization.language);
                signature.push_str(&localization.body);
                signature.push_str(refusal.as_ref().map_or("+", Refusal::code));
                lines.push((template, localization, refusal));
            }
        }
        if *shown == signature {
            return;
        }
        *shown = signature;
        let Some(list) = self.part("choices") else { return };
        list.set_text_content(None);
        let mut row = None;
        let mut last = None;
        for (template, localization, refusal) in lines {
            if last != Some(&template.id) {
                last = Some(&template.id);
                row = self.choice_row(&list, template, &held.sender.language);
            }
            let Some(row) = &row else { continue };
            let language = ports::language(&self.kit, &localization.language);
            match refusal {
                None => {
                    if let Some(chip) = button(self, row, "choose") {
                        let words = fill(&self.word("do.choose"), &[("language", &language)]);
                        let name = fill(&self.word("picker.choose"), &[("name", &template.name), ("language", &language)]);
                        chip.set_text_content(Some(&words));
                        let _ = chip.set_attribute("aria-label", &name);
                        let _ = chip.set_attribute("data-template", template.id.as_str());
                        let _ = chip.set_attribute("data-language", &localization.language);
                    }
                }
                Some(refusal) => {
                    if let Some(chip) = child(row, "span") {
                        chip.set_class_name("off");
                        let why = self.refusal(&refusal, moment);
                        chip.set_text_content(Some(&fill(&self.word("picker.off"), &[("language", &language), ("why", &why)])));
                    }
                    if refusal.remedy() == Remedy::RecordOptIn {
                        button(self, row, "consent");
                    }
                }
            }
        }
    }

    fn choice_row(&self, list: &web_sys::Element, template: &Template, language: &str) -> Option<web_sys::Element> {
        let row = ports::copy(&self.kit.markup(), "choice").first_element_child()?;
        list.append_child(&row).ok()?;
        let category = match template.category {
            Category::Utility => "category.utility",
            Category::Authentication => "category.authentication",
            Category::Marketing => "category.marketing",
        };
        // In the sender's language if there is one, as agents of that number read it.
        let text = template
            .localization(language)
            .or_else(|| template.localization(&template.default_language))
            .or_else(|| template.localizations.first())?;
        set_text(&reveal(&row, "b", true)?, &template.name);
        set_text(&reveal(&row, "small", true)?, &self.word(category));
        runs::fill(&reveal(&row, ".text", true)?, &text.body, true);
        reveal(&row, ".row", true)
    }

    fn show_filling(&self, choice: &Choice, held: &Held, shown: &mut String, text: &mut String, now: Timestamp, moment: Moment) {
        let templates = &held.sender.templates;
        let (Some(localization), Some(template)) =
            (choice.localization(templates), templates.iter().find(|known| known.id == choice.template))
        else {
            return;
        };
        let mut key = String::from(choice.template.as_str());
        key.push(' ');
        key.push_str(&choice.language);
        if *shown != key {
            *shown = key;
            text.clear();
            self.text("title", &template.name);
            self.show_fields(choice, localization);
            if let Some(list) = self.part("preview-buttons") {
                buttons(&list, &localization.buttons);
            }
            self.text("preview-small", localization.footer.as_deref().unwrap_or(""));
            self.hide("preview-small", localization.footer.is_none());
        }
        let preview_text = preview(localization, &choice.values);
        if *text != preview_text {
            *text = preview_text;
            if let Some(part) = self.part("preview") {
                runs::fill(&part, text, true);
            }
        }
        let refusal = authorize(&held.thread, &held.sender, &choice.proposal(), now).err();
        let words = refusal.as_ref().map_or(String::new(), |refusal| self.refusal(refusal, moment));
        self.text("obstacle", &words);
        self.flag("send-template", "disabled", refusal.is_some() || self.model.clock.is_doubted());
    }

    /// A field per variable, the sample as a hint and never as a value. The first that is empty gets
    /// the cursor.
    fn show_fields(&self, choice: &Choice, localization: &shared::template::Localization) {
        let Some(fields) = self.part("fields") else { return };
        fields.set_text_content(None);
        let mut focused = false;
        for name in variables(localization) {
            let field = ports::copy(&self.kit.markup(), "field").first_element_child();
            let Some(field) = field.filter(|field| fields.append_child(field).is_ok()) else { continue };
            if let Some(label) = field.first_element_child() {
                label.set_text_content(Some(&fill(&self.word("picker.variable"), &[("name", name)])));
            }
            let Some(input) = field.last_element_child() else { continue };
            let input: HtmlInputElement = input.unchecked_into();
            let _ = input.set_attribute("data-variable", name);
            if let Some(sample) = localization.samples.iter().find(|sample| sample.name == name) {
                input.set_placeholder(&fill(&self.word("picker.sample"), &[("sample", &sample.value)]));
            }
            let value = choice.values.iter().find(|value| value.name == name).map_or("", |value| &value.value);
            input.set_value(value);
            if value.is_empty() && !focused {
                focused = input.focus().is_ok();
            }
        }
        if !focused {
            self.focus("send-template");
        }
    }
}

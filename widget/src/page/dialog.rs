//! The dialogs: loaded when first asked for, native, so that the browser keeps the focus inside,
//! closes them with Escape and brings the focus back.

use super::{Widget, ports};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement, HtmlTextAreaElement};

/// Which dialog there is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Dialog {
    None,
    /// Asked for, and being loaded: the name of its template.
    Coming(&'static str),
    /// Open.
    Open(&'static str),
}

impl Widget {
    pub(super) fn open_dialog(&mut self, name: &'static str) {
        self.close_dialog();
        self.dialog = Dialog::Coming(name);
        self.kit.later(&self.root, &self.bus, "dialogs");
    }

    /// What was asked for is loaded: `kit.markup` has it now.
    pub(super) fn dialog_came(&mut self) {
        let Dialog::Coming(name) = self.dialog else { return };
        let copy = ports::copy(&self.kit.markup(), name);
        ports::translate(&self.kit, &copy);
        let Some(frame) = self.root.get_element_by_id("frame") else { return };
        if frame.append_child(&copy).is_err() {
            return;
        }
        self.dialog = Dialog::Open(name);
        if let Some(dialog) = self.element() {
            let _ = dialog.show_modal();
        }
        self.focus(if name == "picker" { "search" } else { "source" });
    }

    fn element(&self) -> Option<HtmlDialogElement> {
        self.root.get_element_by_id("dialog")?.dyn_into().ok()
    }

    /// Closes what is open; the element goes at once, since the browser tells of it only later.
    pub(super) fn close_dialog(&mut self) {
        self.dialog = Dialog::None;
        if let Some(dialog) = self.element() {
            dialog.close();
            dialog.remove();
        }
    }

    /// The browser closed it (Escape).
    pub(super) fn dialog_gone(&mut self) {
        if matches!(self.dialog, Dialog::Open(_)) {
            self.close_dialog();
        }
    }

    fn field(&self, id: &str) -> String {
        let Some(element) = self.root.get_element_by_id(id) else { return String::new() };
        match element.dyn_ref::<HtmlInputElement>() {
            Some(input) => input.value(),
            None => element.unchecked_ref::<HtmlTextAreaElement>().value(),
        }
    }

    /// What the agent recorded of an opt-in: where, and to what.
    pub(super) fn opt_in_fields(&self) -> (String, String) {
        (self.field("source"), self.field("wording"))
    }

    /// Both fields are needed: an opt-in without them proves nothing.
    pub(super) fn check_opt_in(&self) {
        let (source, wording) = self.opt_in_fields();
        let hole = shared::text::is_blank(&source) || shared::text::is_blank(&wording);
        self.flag("record", "disabled", hole);
    }
}

//! What the agent does in the page, as messages. One listener per kind of event, at the shadow root;
//! which button was meant stands in its `data-do`, which message in the row's `data-id`.

use super::listener::Listener;
use super::ports::{self, Answer};
use super::slots::{self, Handle};
use super::Widget;
use crate::message::Message;
use shared::id::{ClientId, MessageId, TemplateId, ThreadId};
use shared::template::Value;
use shared::thread::Choice;
use wasm_bindgen::JsCast;
use web_sys::{CustomEvent, Element, Event, EventTarget, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent, ShadowRoot};

/// Everything that is listened to.
pub(super) fn listeners(handle: Handle, root: &ShadowRoot, bus: &EventTarget) -> Vec<Listener> {
    let on = |target: &EventTarget, name, what: fn(&mut Widget, &Event) -> Option<Message>| {
        let heard = move |event: Event| {
            if let Some(message) = slots::with(handle, |widget| what(widget, &event)).flatten() {
                slots::dispatch(handle, message);
            }
        };
        Listener::new(target, name, Box::new(heard))
    };
    vec![
        on(root, "click", Widget::clicked),
        on(root, "input", Widget::typed),
        on(root, "keydown", Widget::pressed),
        on(root, "scroll", Widget::scrolled),
        on(root, "close", Widget::dialog_closed),
        on(bus, "ticket", Widget::answered),
        on(bus, "later", Widget::later_came),
    ]
}

/// The element an event happened to, also inside of what was clicked.
fn target(event: &Event) -> Option<Element> {
    event.composed_path().get(0).dyn_into().ok()
}

fn fresh() -> ClientId {
    ClientId::trusted(ports::fresh())
}

impl Widget {
    fn clicked(&mut self, event: &Event) -> Option<Message> {
        let target = target(event)?;
        let button = target.closest("[data-do]").ok()??;
        let id = || button.closest("[data-id]").ok()?.and_then(|row| row.get_attribute("data-id")).map(MessageId::trusted);
        let client = || id().map(|id| ClientId::trusted(id.as_str()));
        let decide = |choice| Some(Message::Decide { client: fresh(), message: id()?, choice });
        Some(match button.get_attribute("data-do")?.as_str() {
            "send" => Message::Submit(fresh()),
            "again" => Message::SendAgain { client: fresh(), message: id()? },
            "resend" => Message::Resend(client()?),
            "discard" => Message::Discard(client()?),
            "arrived" => decide(Choice::Arrived)?,
            "lost" => decide(Choice::Lost)?,
            "dismiss" => Message::Dismiss,
            "reveal" => Message::Reveal,
            "end" => {
                self.list.to_end = true;
                Message::Scrolled { top: false, bottom: true }
            }
            "templates" => {
                self.open_dialog("picker");
                Message::PickerOpened
            }
            "consent" => {
                self.open_dialog("consent");
                Message::PickerClosed
            }
            "close" => {
                self.close_dialog();
                Message::PickerClosed
            }
            "back" => Message::Back,
            "choose" => self.choose(&button)?,
            "send-template" => Message::SubmitTemplate(fresh()),
            "record" => {
                let (source, wording) = self.opt_in_fields();
                Message::OptIn { client: fresh(), source, wording }
            }
            _ => return None,
        })
    }

    /// A template was chosen: with what the CRM page knows of its variables.
    fn choose(&self, button: &Element) -> Option<Message> {
        let template = TemplateId::trusted(button.get_attribute("data-template")?);
        let language = button.get_attribute("data-language")?;
        let held = self.model.held.as_ref()?;
        let localization = held.sender.templates.iter().find(|known| known.id == template)?.localization(&language)?;
        let values = crate::picker::variables(localization)
            .into_iter()
            .map(|name| Value { name: name.into(), value: ports::known(&self.host, template.as_str(), name) })
            .collect();
        Some(Message::Chosen { template, language, values })
    }

    fn typed(&mut self, event: &Event) -> Option<Message> {
        let target = target(event)?;
        match target.id().as_str() {
            "text" => Some(Message::Typed(target.unchecked_ref::<HtmlTextAreaElement>().value())),
            "search" => Some(Message::Searched(target.unchecked_ref::<HtmlInputElement>().value())),
            "source" | "wording" => {
                self.check_opt_in();
                None
            }
            _ => {
                let name = target.get_attribute("data-variable")?;
                let value = target.unchecked_ref::<HtmlInputElement>().value();
                Some(Message::Filled(Value { name, value }))
            }
        }
    }

    /// Enter sends, Shift and Enter begins a new line; while an input method is composing, Enter is
    /// its own.
    fn pressed(&mut self, event: &Event) -> Option<Message> {
        let event: &KeyboardEvent = event.unchecked_ref();
        if event.key() != "Enter" || event.shift_key() || event.is_composing() {
            return None;
        }
        let target = target(event)?;
        if target.id() == "text" {
            event.prevent_default();
            return Some(Message::Submit(fresh()));
        }
        target.has_attribute("data-variable").then(|| Message::SubmitTemplate(fresh()))
    }

    fn scrolled(&mut self, event: &Event) -> Option<Message> {
        if target(event)?.id() != "log" {
            return None;
        }
        let (top, bottom) = self.list.ends();
        // Only what changes something is worth a message.
        (top || bottom != self.model.sight.at_end).then_some(Message::Scrolled { top, bottom })
    }

    fn dialog_closed(&mut self, _: &Event) -> Option<Message> {
        self.dialog_gone();
        Some(Message::PickerClosed)
    }

    fn later_came(&mut self, _: &Event) -> Option<Message> {
        self.dialog_came();
        Some(Message::Tick { woken: false })
    }

    fn answered(&mut self, event: &Event) -> Option<Message> {
        let answer = event.unchecked_ref::<CustomEvent>().detail().unchecked_into::<Answer>();
        let status = answer.status();
        Some(match (status, answer.thread(), answer.socket(), answer.ticket()) {
            (200, Some(thread), Some(socket), Some(ticket)) => {
                Message::Ticket { thread: ThreadId::trusted(thread), socket, ticket }
            }
            (200, ..) => Message::TicketRefused { status: 500, code: String::new() },
            _ => Message::TicketRefused { status, code: answer.code().unwrap_or_default() },
        })
    }
}

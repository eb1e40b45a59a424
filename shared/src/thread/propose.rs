//! Somebody wants to send something: may they, and what is kept of it?

use super::State;
use super::event::{Decline, Effect, Step, Task};
use crate::content::Content;
use crate::id::{ClientId, MessageId};
use crate::message::{Author, Message, Stage};
use crate::policy::{self, Proposal, Sender};
use crate::template;
use crate::time::Timestamp;

/// What is wanted, by whom, under which names.
pub(super) struct Wish {
    pub(super) id: MessageId,
    pub(super) client: ClientId,
    pub(super) author: Author,
    pub(super) proposal: Proposal,
}

pub(super) fn propose(
    step: &mut Step,
    wish: Wish,
    sender: &Sender,
    earlier: Option<(Message, Proposal)>,
    now: Timestamp,
) -> Result<(), Decline> {
    if let Some((_, same)) = earlier {
        // Repeating changes nothing; the shell answers with the message it became the first time.
        return if same == wish.proposal {
            Ok(())
        } else {
            Err(Decline::ClientReused)
        };
    }
    // The permit is dropped: it proves that the proposal may leave now, not that it may when its
    // turn comes. Every attempt asks again.
    let _permit =
        policy::authorize(&step.thread, sender, &wish.proposal, now).map_err(Decline::Refused)?;

    let content = content_of(&wish.proposal, sender);
    let thread = &mut step.thread;
    thread.stir(State::Active, now);
    thread.unread = 0;
    let mut message = thread.append(wish.id.clone(), now, wish.author, content, Stage::Waiting);
    message.client = Some(wish.client);
    step.put(message);
    step.effects.push(Effect::Keep {
        message: wish.id.clone(),
        proposal: wish.proposal,
    });
    step.schedule(Task::Send(wish.id), now);
    Ok(())
}

/// What the customer will see of a proposal that was authorised.
fn content_of(proposal: &Proposal, sender: &Sender) -> Content {
    match proposal {
        Proposal::Text { body } => Content::Text { body: body.clone() },
        Proposal::Template {
            template: id,
            language,
            values,
        } => {
            let localization = sender
                .templates
                .iter()
                .find(|known| known.id == *id)
                .and_then(|known| known.localization(language));
            Content::Template {
                template: id.clone(),
                language: language.clone(),
                body: localization
                    .and_then(|l| template::fill(l, values).ok())
                    .unwrap_or_default(),
                footer: localization.and_then(|l| l.footer.clone()),
                buttons: localization.map(|l| l.buttons.clone()).unwrap_or_default(),
            }
        }
    }
}

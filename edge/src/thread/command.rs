//! What does an agent's page ask? One command of a socket, carried out and answered.

use super::Inner;
use super::watch::{send, watcher};
use crate::auth::caller::Caller;
use crate::problem::Problem;
use crate::{clock, directory};
use shared::id::{ClientId, MessageId};
use shared::protocol::{self, Command, Frame, Trouble, close};
use shared::thread::Event;
use std::rc::Rc;
use worker::{WebSocket, WebSocketIncomingMessage};

impl Inner {
    /// Something came over a socket. Authorisation is asked again for every command.
    pub(super) async fn heard(
        self: &Rc<Self>,
        socket: &WebSocket,
        message: WebSocketIncomingMessage,
    ) {
        let Some(caller) = watcher(socket)
            .map(|watcher| watcher.caller)
            .filter(|caller| caller.expires > clock::wall())
        else {
            let _ = socket.close(Some(close::TOKEN), Some(""));
            return;
        };
        let command = match &message {
            WebSocketIncomingMessage::Binary(bytes) => protocol::decode::<Command>(bytes),
            WebSocketIncomingMessage::String(_) => None,
        };
        let answer = match command {
            Some(command) => self.obey(&caller, command).await,
            None => Some(Frame::Failed {
                client: None,
                trouble: Trouble::Unreadable,
            }),
        };
        if let Some(frame) = answer {
            send(socket, &frame);
        }
    }

    async fn obey(self: &Rc<Self>, caller: &Caller, command: Command) -> Option<Frame> {
        match command {
            Command::Send { client, proposal } => {
                let sent = self.propose(caller, client.clone(), proposal).await;
                Some(answer(client, sent.map(|message| Some(message.id))))
            }
            Command::SendAgain { client, message } => {
                let sent = self.send_again(caller, client.clone(), &message).await;
                Some(answer(client, sent.map(|message| Some(message.id))))
            }
            Command::OptIn {
                client,
                source,
                wording,
            } => {
                let done = self
                    .opt_in(caller, client.clone(), source, wording, None)
                    .await;
                Some(answer(client, done.map(|_| None)))
            }
            Command::Decide {
                client,
                message,
                choice,
            } => {
                let done = self.decide(caller, &message, choice).await;
                Some(answer(client, done.map(|_| None)))
            }
            Command::Seen { place } => {
                if let Ok(Some(thread)) = self.thread()
                    && let Ok(Ok(committed)) = self.take(&thread, Event::Seen { place })
                {
                    self.follow_up(&committed).await;
                }
                None
            }
            Command::Earlier { before } => {
                let messages = self
                    .store()
                    .ok()?
                    .before(before, protocol::PAGE_OF_MESSAGES)
                    .unwrap_or_default();
                Some(Frame::Earlier { messages })
            }
            Command::Templates => {
                let thread = self.thread().ok().flatten()?;
                Some(
                    match directory::calls::templates(&self.env, &thread.sender).await {
                        Ok(templates) => Frame::Templates { templates },
                        Err(_) => Frame::Failed {
                            client: None,
                            trouble: Trouble::Unavailable,
                        },
                    },
                )
            }
            Command::Clock => Some(Frame::Clock {
                now: clock::domain(),
            }),
        }
    }
}

/// The frame that answers a command.
fn answer(client: ClientId, done: Result<Option<MessageId>, Problem>) -> Frame {
    match done {
        Ok(message) => Frame::Accepted { client, message },
        Err(problem) => match problem.refusal() {
            Some(refusal) => Frame::Refused { client, refusal },
            None => Frame::Failed {
                client: Some(client),
                trouble: trouble(&problem),
            },
        },
    }
}

fn trouble(problem: &Problem) -> Trouble {
    match problem.code.as_str() {
        "idempotency-key-reused" => Trouble::ClientReused,
        "nothing-to-decide" => Trouble::NothingToDecide,
        "not-found" => Trouble::NoSuchMessage,
        "malformed" => Trouble::Malformed,
        _ => Trouble::Unavailable,
    }
}

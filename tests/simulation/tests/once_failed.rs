//! What seeds once found, each as a scenario of its own.

use shared::message::Stage;
use shared::policy::Proposal;
use shared::time::{Span, Timestamp};
use simulation::random::Random;
use simulation::shell::Shell;
use simulation::twilio::Fate;

/// Two texts alike, one never reached Twilio, the other one's answer was lost: a search of the list
/// found the one that did and took it for the one that did not.
#[test]
fn a_search_does_not_take_one_message_for_another_like_it() {
    let mut random = Random::new(428);
    let mut shell = Shell::new(Timestamp(1_800_000_000_000), Span::seconds(15));
    let written = shell.twilio.write("Ciao", shell.now);
    let step = shell.receive(&written, shell.now).expect("never declined");
    shell.store.commit(step);
    let text = Proposal::Text {
        body: "Testo".into(),
    };
    let lost = shell
        .propose("c1", text.clone())
        .expect("the window is open");
    shell
        .drain(&mut random, &[Fate::RequestLost], true)
        .expect("nobody dies");
    let arrived = shell.propose("c2", text).expect("the window is open");
    shell
        .drain(&mut random, &[Fate::AnswerLost], true)
        .expect("nobody dies");
    for _ in 0..10 {
        shell.now = shell.now + Span::minutes(2);
        shell
            .drain(&mut random, &[Fate::Answered], true)
            .expect("nobody dies");
    }
    let stage = |shell: &Shell, id| {
        shell
            .store
            .messages
            .get(id)
            .map(|message| message.stage.clone())
    };
    assert!(
        matches!(
            stage(&shell, &lost),
            Some(Stage::Unconfirmed { ask: true, .. })
        ),
        "{:?}",
        stage(&shell, &lost)
    );
    for callback in shell.twilio.callbacks.clone() {
        shell.report(&callback);
    }
    assert!(
        matches!(stage(&shell, &arrived), Some(Stage::HandedOver { .. })),
        "its own report settles it"
    );
    assert!(
        matches!(stage(&shell, &lost), Some(Stage::Unconfirmed { .. })),
        "nothing was said of the other"
    );
}

//! Is the demo what its description says, and does a world survive a power cut and leave nothing behind?

use serde_json::Value;
use world::{Options, World, demo};

fn session<'a>(sessions: &'a [Value], customer: &str) -> &'a Value {
    let found = sessions.iter().find(|it| it["customer"] == customer);
    &found.unwrap_or_else(|| panic!("{customer} in {sessions:?}"))["session"]
}

#[tokio::test]
async fn the_demo_stands_and_its_templates_have_the_sids_that_twilio_knows() {
    let world = World::start(Options {
        customers: true,
        ..Options::default()
    })
    .await
    .expect("a world");

    let sessions = world
        .rest
        .sessions("milano", &[demo::ANNA, demo::BRUNO, demo::CARLA])
        .await
        .expect("sessions");
    assert_eq!(sessions.len(), 3);
    assert!(
        session(&sessions, demo::ANNA)["last_inbound_at"].is_i64(),
        "Anna wrote: {sessions:?}"
    );
    // Bruno wrote 30 hours ago; the edge has come back from there.
    let london = world
        .rest
        .sessions("london", &[demo::EMMA])
        .await
        .expect("sessions");
    let emma = session(&london, demo::EMMA)["last_inbound_at"].as_i64();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as i64);
    assert!(
        emma.is_some_and(|at| (now - at).abs() < 3_600_000),
        "Emma wrote a moment ago: {london:?}, {now}"
    );
    let phone = world
        .simulator
        .phone(demo::ANNA)
        .await
        .expect("Anna's phone");
    assert_eq!(phone.conversations.len(), 1);

    let templates = world
        .rest
        .get("/api/v1/templates")
        .await
        .expect("an answer")
        .expect_success()
        .expect("templates");
    let contents = world.simulator.get("/v1/Content?PageSize=100");
    assert!(
        contents.await.is_err(),
        "the simulator asks for Twilio's authentication"
    );
    for template in &demo::TEMPLATES {
        assert!(
            templates
                .to_string()
                .contains(&format!("\"{}\"", template.id)),
            "{} in {templates}",
            template.id
        );
    }
}

#[tokio::test]
async fn what_was_written_before_a_power_cut_is_there_after_it() {
    let mut world = World::start(Options {
        customers: true,
        ..Options::default()
    })
    .await
    .expect("a world");
    let thread = world
        .rest
        .thread("milano", demo::ANNA)
        .await
        .expect("Anna's thread");
    let before = world.rest.messages(&thread).await.expect("messages");
    assert_eq!(before.len(), 1, "{before:?}");

    world.kill_edge();
    assert!(world.rest.get("/healthz").await.is_err(), "nobody answers");
    world.restart_edge().await.expect("the same edge again");

    assert_eq!(
        world.rest.messages(&thread).await.expect("messages"),
        before
    );
}

#[tokio::test]
async fn a_world_that_ends_leaves_nothing_behind() {
    let world = World::start(Options {
        deployment: false,
        ..Options::default()
    })
    .await
    .expect("a world");
    let (folder, rest) = (world.folder().to_owned(), world.rest.clone());
    assert!(folder.exists());
    drop(world);
    assert!(!folder.exists());
    assert!(rest.get("/healthz").await.is_err(), "nobody answers");
}

#[tokio::test]
async fn a_world_in_which_whatsapp_refused_something_does_not_end_well() {
    let mut endings = Vec::new();
    for refusals in [false, true] {
        let world = World::start(Options {
            refusals,
            ..Options::default()
        })
        .await
        .expect("a world");
        // Nobody wrote, and nobody asked the edge.
        let path = format!("2010-04-01/Accounts/{}/Messages.json", demo::ACCOUNT_SID);
        let message = [
            ("From", format!("whatsapp:{}", demo::MILANO)),
            ("To", format!("whatsapp:{}", demo::ANNA)),
            ("Body", "Ciao".to_owned()),
        ];
        reqwest::Client::new()
            .post(format!("{}/{path}", world.simulator_url()))
            .basic_auth(demo::ACCOUNT_SID, Some(demo::AUTH_TOKEN))
            .form(&message)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .expect("Twilio takes it: WhatsApp refuses later");
        world.simulator.reset().await.expect("a reset");
        endings.push(world.end().map_err(|failure| failure.to_string()));
    }
    let [Err(sentence), Ok(())] = endings.as_slice() else {
        panic!("{endings:?}");
    };
    assert!(
        sentence.contains("refused 1 ") && sentence.contains("63016"),
        "{sentence}"
    );
}

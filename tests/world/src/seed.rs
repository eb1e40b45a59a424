//! How does an empty world become the demo? Through the same doors as any deployment: Twilio's
//! Content API first, so that the edge stores the SIDs that Twilio knows, then the edge's REST API.
//!
//! Every step may be repeated on a state that has it already: `PUT`s replace, and a customer's
//! message keeps its MessageSid, which the edge has then seen.

use crate::demo::{self, ACCOUNT, ACCOUNT_SID, AUTH_TOKEN, SENDERS, TEMPLATES, Template};
use crate::{Failure, Inbound, World};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;

/// The account that is at Twilio and not here.
pub(crate) async fn trial(world: &World) -> Result<(), Failure> {
    let number = json!([{ "number": demo::TRIAL_NUMBER, "name": "Trial" }]);
    world
        .simulator
        .register(demo::TRIAL_SID, demo::TRIAL_TOKEN, number)
        .await
}

/// Account, senders and templates, on both sides.
pub(crate) async fn deployment(world: &World) -> Result<(), Failure> {
    let webhook = format!("{}/twilio/{ACCOUNT}/messages", world.edge_url());
    let senders: Vec<Value> = SENDERS
        .iter()
        .map(|sender| json!({ "number": sender.number, "name": sender.name, "webhook_url": webhook }))
        .collect();
    world
        .simulator
        .register(ACCOUNT_SID, AUTH_TOKEN, json!(senders))
        .await?;

    let account = json!({ "name": "Demo", "account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN });
    put(world, &format!("accounts/{ACCOUNT}"), &account).await?;
    for sender in &SENDERS {
        let body = json!({
            "account": ACCOUNT,
            "name": sender.name,
            "number": sender.number,
            "language": sender.language,
        });
        put(world, &format!("senders/{}", sender.id), &body).await?;
    }
    for template in &TEMPLATES {
        let sids = contents(world, template).await?;
        put(
            world,
            &format!("templates/{}", template.id),
            &template.to_edge(&sids),
        )
        .await?;
    }
    Ok(())
}

async fn put(world: &World, what: &str, body: &Value) -> Result<(), Failure> {
    let answer = world.rest.put(&format!("/api/v1/{what}"), body).await?;
    answer
        .expect_success()
        .map(drop)
        .map_err(|failure| Failure::new(format!("Seeding {what}: {failure}")))
}

/// One Content per language, submitted and judged as far as the template says.
async fn contents(world: &World, template: &Template) -> Result<Vec<String>, Failure> {
    let account = (ACCOUNT_SID, AUTH_TOKEN);
    let mut sids = Vec::new();
    for localization in template.localizations {
        let name = template.whatsapp_name();
        let content = world
            .simulator
            .twilio(account, "/v1/Content", &localization.to_twilio(&name))
            .await?;
        let Some(sid) = content["sid"].as_str() else {
            return Err(Failure::new(format!("Content without a sid: {content}")));
        };
        if localization.approval != "unsubmitted" {
            let request = json!({ "name": name, "category": template.category.to_uppercase() });
            let path = format!("/v1/Content/{sid}/ApprovalRequests/whatsapp");
            world.simulator.twilio(account, &path, &request).await?;
            world
                .simulator
                .set_approval(sid, localization.approval)
                .await?;
        }
        sids.push(sid.to_owned());
    }
    Ok(sids)
}

/// What the customers of [`demo`] did so far.
pub(crate) async fn customers(world: &World) -> Result<(), Failure> {
    world.simulator.set_clock(-30 * HOUR).await?;
    wrote(
        world,
        1,
        demo::BRUNO,
        "Bruno",
        demo::MILANO,
        "Buongiorno, avete il modello blu in taglia M?",
    )
    .await?;
    world.simulator.set_clock(0).await?;
    wrote(
        world,
        2,
        demo::ANNA,
        "Anna",
        demo::MILANO,
        "Ciao! Il mio ordine 4711 è già partito?",
    )
    .await?;
    wrote(
        world,
        3,
        demo::EMMA,
        "Emma",
        demo::LONDON,
        "Hi, can I move my appointment to Friday?",
    )
    .await?;

    for (customer, name) in [(demo::CARLA, "Carla"), (demo::OLIVER, "Oliver")] {
        let person = json!({ "customer": customer, "name": name });
        world
            .simulator
            .post("/simulator/customers", &person)
            .await?;
    }
    let carla = world.rest.thread("milano", demo::CARLA).await?;
    let (source, wording) = ("checkout form", "Write to me on WhatsApp about my orders");
    world
        .rest
        .opt_in(&carla, "demo-opt-in", source, wording)
        .await
}

async fn wrote(
    world: &World,
    n: u32,
    from: &str,
    name: &str,
    to: &str,
    body: &str,
) -> Result<(), Failure> {
    let message = Inbound {
        profile_name: Some(name.to_owned()),
        // Always the same: a new id for a known number would look like a new owner of the number.
        external_user_id: Some(format!(
            "{}.9{n:019}",
            if to == demo::LONDON { "GB" } else { "IT" }
        )),
        sid: Some(format!("SMde3{n:029}")),
        ..Inbound::text(from, to, body)
    };
    let written = world.simulator.writes(&message).await?;
    match written.webhook_status {
        Some(200) => Ok(()),
        other => Err(Failure::new(format!(
            "The edge answered {name}'s message with {other:?}."
        ))),
    }
}

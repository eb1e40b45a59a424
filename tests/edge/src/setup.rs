//! What tests of the set-up share: an account of its own at the simulated Twilio, and how answers are read.

use serde_json::{Value, json};
use world::{Answer, Failure, Rest, World};

/// An account that the demo does not have.
pub const NEW_SID: &str = "ACc0ffee0000000000000000000000beef";
/// Its auth token.
pub const NEW_TOKEN: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e75e";

pub fn field<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

pub fn told(answer: &Answer) -> (u16, &str) {
    (
        answer.status,
        field(&answer.body, "/code").as_str().unwrap_or_default(),
    )
}

pub async fn done(answer: impl Future<Output = Result<Answer, Failure>>) -> Result<Value, Failure> {
    answer.await?.expect_success()
}

/// An account of its own at the simulated Twilio, and here.
pub async fn new_account(world: &World) -> Result<(), Failure> {
    let number =
        json!([{ "number": "+390612345678", "webhook_url": "https://elsewhere.example.com/x" }]);
    world.simulator.register(NEW_SID, NEW_TOKEN, number).await?;
    let account = json!({ "name": "Roma", "account_sid": NEW_SID, "auth_token": NEW_TOKEN });
    done(world.rest.put("/api/v1/accounts/roma", &account)).await?;
    let sender =
        json!({ "account": "roma", "name": "Roma", "number": "+390612345678", "language": "it" });
    done(world.rest.put("/api/v1/senders/roma", &sender)).await?;
    Ok(())
}

pub async fn templates(rest: &Rest) -> Result<Vec<Value>, Failure> {
    let list = done(rest.get("/api/v1/templates")).await?;
    Ok(list["templates"].as_array().cloned().unwrap_or_default())
}

//! `watchfire oncall`: who holds which duty, and what people change of it.

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use watchfire_core::time::Clock;

use super::failure::Failure;
use super::output::{at, list, table};
use super::remote::{Remote, query, segment};
use crate::world::SystemClock;

/// On call: who holds which duty when, overrides, swaps, lint
#[derive(Args, Debug)]
pub(crate) struct OncallArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: OncallCommand,
}

#[derive(Subcommand, Debug)]
enum OncallCommand {
    /// Show who is on call now, for every schedule
    Who {
        /// Another instant, such as 2026-03-29T02:30:00Z
        #[arg(long, value_name = "INSTANT")]
        at: Option<Timestamp>,
    },
    /// Show the shifts of a schedule
    Show {
        /// The schedule's word in the plans
        schedule: String,
        /// Days from now
        #[arg(long, value_name = "N", default_value_t = 14, value_parser = clap::value_parser!(i64).range(1..=400))]
        days: i64,
    },
    /// Let somebody take over for a while, or list or end overrides
    Override {
        #[command(subcommand)]
        command: OverrideCommand,
    },
    /// Exchange spans with somebody who agrees
    Swap {
        #[command(subcommand)]
        command: SwapCommand,
    },
    /// Make and revoke addresses that calendar programs read
    Feed {
        #[command(subcommand)]
        command: FeedCommand,
    },
    /// Look for gaps and for people who cannot be reached; exits with 1 if there is one
    Lint {
        /// How far to look ahead
        #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(i64).range(1..=52))]
        weeks: i64,
    },
}

#[derive(Subcommand, Debug)]
enum OverrideCommand {
    /// Let somebody take over
    Add {
        /// The schedule's word in the plans
        schedule: String,
        /// Who takes over; without it you
        #[arg(long, value_name = "LOGIN")]
        who: Option<String>,
        /// Whose place they take; without it everybody's
        #[arg(long, value_name = "LOGIN")]
        instead_of: Option<String>,
        /// From when on; without it now
        #[arg(long, value_name = "INSTANT")]
        from: Option<Timestamp>,
        /// Until when, such as 2026-03-29T08:00:00Z
        #[arg(long, value_name = "INSTANT", conflicts_with = "hours", required_unless_present = "hours")]
        until: Option<Timestamp>,
        /// For how many hours
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=2208))]
        hours: Option<i64>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// List the overrides of the coming days
    List {
        /// Days from now
        #[arg(long, value_name = "N", default_value_t = 28, value_parser = clap::value_parser!(i64).range(1..=400))]
        days: i64,
    },
    /// End an override from now on
    End { id: String },
}

#[derive(Subcommand, Debug)]
enum SwapCommand {
    /// Offer a span of yours for one of theirs
    Offer {
        /// The schedule's word in the plans
        schedule: String,
        /// To whom
        #[arg(long, value_name = "LOGIN")]
        with: String,
        /// What you give away, from and until
        #[arg(long, value_names = ["FROM", "UNTIL"], num_args = 2)]
        give: Vec<Timestamp>,
        /// What you take for it, from and until
        #[arg(long, value_names = ["FROM", "UNTIL"], num_args = 2)]
        take: Vec<Timestamp>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// List swaps
    List,
    /// Accept a swap that was offered to you
    Accept { id: String },
    /// Decline a swap that was offered to you, or withdraw yours
    Refuse { id: String },
}

#[derive(Subcommand, Debug)]
enum FeedCommand {
    /// Make the address of a feed: yours, a schedule's or somebody's; it is shown this once
    Add {
        /// Everybody's shifts of a schedule
        #[arg(long, value_name = "SCHEDULE", conflicts_with = "person")]
        schedule: Option<String>,
        /// One person's shifts of all schedules
        #[arg(long, value_name = "LOGIN")]
        person: Option<String>,
    },
    /// List feeds
    List,
    /// Revoke a feed, at once
    Revoke { id: String },
}

impl OncallArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        match self.command {
            OncallCommand::Who { at: instant } => {
                let until = instant.map(|instant| instant.saturating_add(SignedDuration::from_secs(1)).unwrap_or(instant));
                let wanted = query(&[("from", instant.map(|at| at.to_string())), ("until", until.map(|at| at.to_string()))]);
                let board = client.get("/on-call", &wanted).await?;
                output.value(&board, |board| who(board, instant.is_some()));
            }
            OncallCommand::Show { schedule, days } => {
                let until = ahead(days);
                let path = format!("/on-call/schedules/{}", segment(&schedule));
                let shown = client.get(&path, &[("until", until.to_string())]).await?;
                output.value(&shown, shifts);
            }
            OncallCommand::Override { command } => command.run(&client, output).await?,
            OncallCommand::Swap { command } => command.run(&client, output).await?,
            OncallCommand::Feed { command } => command.run(&client, output).await?,
            OncallCommand::Lint { weeks } => {
                let found = client.get("/on-call/lint", &[("weeks", weeks.to_string())]).await?;
                let fields = [("schedule", "schedule"), ("what", "flaw"), ("detail", "detail")];
                output.value(&found, |found| list(found, &fields, "every duty is held, by people who can be reached"));
                let count = found.get("items").and_then(Value::as_array).map_or(0, Vec::len);
                if count > 0 {
                    return Err(Failure::refused(format!("{count} faults within {weeks} weeks")));
                }
            }
        }
        Ok(())
    }
}

impl OverrideCommand {
    async fn run(self, client: &super::remote::Client, output: super::output::Output) -> Result<(), Failure> {
        match self {
            Self::Add { schedule, who, instead_of, from, until, hours, reason } => {
                let begins = from.unwrap_or_else(|| SystemClock.now());
                let until = match (until, hours) {
                    (Some(until), _) => until,
                    (None, hours) => begins.saturating_add(SignedDuration::from_hours(hours.unwrap_or(0))).unwrap_or(begins),
                };
                let body = json!({ "schedule": schedule, "login": who, "instead_of": instead_of, "from": from, "until": until, "reason": reason });
                let made = client.post("/on-call/overrides", body).await?;
                output.value(&made, |made| {
                    format!(
                        "{} holds {} from {} to {}; {}",
                        at(made, "login"),
                        at(made, "schedule"),
                        at(made, "from"),
                        at(made, "until"),
                        at(made, "id")
                    )
                });
            }
            Self::List { days } => {
                let fields = [
                    ("schedule", "schedule"),
                    ("who", "login"),
                    ("instead of", "instead_of"),
                    ("from", "from"),
                    ("until", "until"),
                    ("ended", "ended_at"),
                    ("why", "reason"),
                    ("id", "id"),
                ];
                let found = client.get("/on-call/overrides", &[("until", ahead(days).to_string())]).await?;
                output.value(&found, |found| list(found, &fields, "no overrides"));
            }
            Self::End { id } => {
                client.delete(&format!("/on-call/overrides/{}", segment(&id))).await?;
                output.value(&json!({ "id": id }), |_| format!("ended {id}"));
            }
        }
        Ok(())
    }
}

impl SwapCommand {
    async fn run(self, client: &super::remote::Client, output: super::output::Output) -> Result<(), Failure> {
        match self {
            Self::Offer { schedule, with, give, take, reason } => {
                let [give_from, give_until] = give[..] else { return Err(Failure::usage("--give needs two instants")) };
                let [take_from, take_until] = take[..] else { return Err(Failure::usage("--take needs two instants")) };
                let body = json!({
                    "schedule": schedule, "with": with, "reason": reason,
                    "give_from": give_from, "give_until": give_until, "take_from": take_from, "take_until": take_until,
                });
                let made = client.post("/on-call/swaps", body).await?;
                output.value(&made, |made| format!("offered to {}; {}", at(made, "offered_to"), at(made, "id")));
            }
            Self::List => {
                let fields = [
                    ("state", "state"),
                    ("schedule", "schedule"),
                    ("by", "offered_by"),
                    ("to", "offered_to"),
                    ("gives", "give_from"),
                    ("takes", "take_from"),
                    ("why", "reason"),
                    ("id", "id"),
                ];
                output.value(&client.get("/on-call/swaps", &[]).await?, |swaps| list(swaps, &fields, "no swaps"));
            }
            Self::Accept { id } => {
                client.post(&format!("/on-call/swaps/{}/accept", segment(&id)), json!({})).await?;
                output.value(&json!({ "id": id }), |_| format!("accepted {id}"));
            }
            Self::Refuse { id } => {
                client.post(&format!("/on-call/swaps/{}/refuse", segment(&id)), json!({})).await?;
                output.value(&json!({ "id": id }), |_| format!("refused {id}"));
            }
        }
        Ok(())
    }
}

impl FeedCommand {
    async fn run(self, client: &super::remote::Client, output: super::output::Output) -> Result<(), Failure> {
        match self {
            Self::Add { schedule, person } => {
                let made = client.post("/on-call/feeds", json!({ "schedule": schedule, "login": person })).await?;
                output.value(&made, |made| at(made, "address"));
            }
            Self::List => {
                let fields =
                    [("schedule", "schedule"), ("person", "login"), ("by", "made_by"), ("read", "read_at"), ("id", "id")];
                output.value(&client.get("/on-call/feeds", &[]).await?, |feeds| list(feeds, &fields, "no feeds"));
            }
            Self::Revoke { id } => {
                client.delete(&format!("/on-call/feeds/{}", segment(&id))).await?;
                output.value(&json!({ "id": id }), |_| format!("revoked {id}"));
            }
        }
        Ok(())
    }
}

/// A row for each schedule; of the first shift of the span if an instant was asked for, or else of this moment.
fn who(board: &Value, asked: bool) -> String {
    let schedules = board.get("schedules").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let row = |schedule: &Value| {
        let shift = if asked { schedule.pointer("/shifts/0") } else { schedule.get("now") };
        let shift = shift.cloned().unwrap_or_default();
        let until = if asked { String::new() } else { at(&shift, "until") };
        vec![at(schedule, "id"), at(schedule, "title"), logins(&shift), until]
    };
    table(&["schedule", "title", "on call", "until"], schedules.iter().map(row).collect(), "the plans have no schedules")
}

fn shifts(schedule: &Value) -> String {
    let shifts = schedule.get("shifts").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let row = |shift: &Value| vec![at(shift, "from"), at(shift, "until"), logins(shift), why(shift)];
    table(&["from", "until", "on call", "why"], shifts.iter().map(row).collect(), "no shifts")
}

fn logins(shift: &Value) -> String {
    let holders = shift.get("holders").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if holders.is_empty() {
        return "nobody".to_owned();
    }
    holders.iter().map(|holder| at(holder, "login")).collect::<Vec<_>>().join(", ")
}

fn why(shift: &Value) -> String {
    let holders = shift.get("holders").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut reasons: Vec<String> = holders
        .iter()
        .map(|holder| match (at(holder, "reason").as_str(), at(holder, "instead_of")) {
            ("layer", _) => at(holder, "layer"),
            (reason, whom) if whom.is_empty() => reason.to_owned(),
            (reason, whom) => format!("{reason}, for {whom}"),
        })
        .collect();
    reasons.dedup();
    reasons.join("; ")
}

fn ahead(days: i64) -> Timestamp {
    let now = SystemClock.now();
    now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(now)
}

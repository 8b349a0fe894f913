//! The words of `watchfire incident`.

use clap::{Args, Subcommand};

use super::access::GrantArgs;
use crate::cli::remote::{PageArgs, Remote};
use crate::cli::words;

/// Incidents: what people work on
#[derive(Args, Debug)]
pub(crate) struct IncidentArgs {
    #[command(flatten)]
    pub(super) remote: Remote,
    #[command(subcommand)]
    pub(super) command: IncidentCommand,
}

#[derive(Subcommand, Debug)]
pub(super) enum IncidentCommand {
    /// List incidents, the newest first
    List(ListArgs),
    /// Show one incident with its alerts and tasks
    Show { id: String },
    /// Show what happened, in order
    Timeline {
        id: String,
        /// Entries, at most 200
        #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..=200))]
        limit: u16,
        /// Only after this sequence number
        #[arg(long, value_name = "SEQ")]
        after: Option<i64>,
    },
    /// Say that there is an incident, or that one in triage is one
    Declare(DeclareArgs),
    /// Say what a reported one is: class, severity, team
    Triage {
        id: String,
        /// What kind of trouble it is
        #[arg(long, value_parser = words::class())]
        class: String,
        /// How bad it is; left out it stays unknown
        #[arg(long, value_parser = words::severity())]
        severity: Option<String>,
        /// Who works on it
        #[arg(long)]
        team: String,
    },
    /// Write into the timeline
    Note {
        id: String,
        text: String,
        /// When it happened, RFC 3339; without it now
        #[arg(long, value_name = "TIME")]
        occurred_at: Option<String>,
        /// When we learned of it, RFC 3339; without it now
        #[arg(long, value_name = "TIME")]
        known_at: Option<String>,
        /// The sequence number of the entry that this one corrects
        #[arg(long, value_name = "SEQ")]
        corrects: Option<i64>,
    },
    /// Change the severity
    Severity {
        id: String,
        #[arg(value_parser = words::severity())]
        severity: String,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Go to a phase
    Phase {
        id: String,
        #[arg(value_parser = words::phase())]
        phase: String,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Assign, offer, accept or vacate a role
    Role(RoleArgs),
    /// Say that somebody has taken it up
    #[command(visible_alias = "ack")]
    Acknowledge { id: String },
    /// Say that the response is over
    Resolve {
        id: String,
        /// How it ended
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Verify what a developer says is resolved, or say why it is not
    Verify {
        id: String,
        /// Why it is not resolved
        #[arg(long, value_name = "REASON")]
        reject: Option<String>,
    },
    /// List who had to be told at once, and who has acknowledged
    Notices { id: String },
    /// Say that everything owed is done
    Close {
        id: String,
        /// Why no postmortem of a SEV1 or SEV2 is owed
        #[arg(long, value_name = "REASON")]
        waiver: Option<String>,
    },
    /// Take it up again
    Reopen {
        id: String,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Say that it was none
    Dismiss {
        id: String,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Put it into another incident
    Merge {
        id: String,
        /// The incident that it goes into
        #[arg(long, value_name = "ID")]
        into: String,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Change the title
    Rename { id: String, title: String },
    /// Write where we stand
    Summary { id: String, text: String },
    /// Give it to another team
    Team { id: String, team: String },
    /// Show who may see it, work on it and manage it, and why
    Access { id: String },
    /// Give a person or a team a right on it
    Grant(GrantArgs),
    /// Take a right away, at once
    Revoke {
        id: String,
        /// The grant's id, or who has it
        grant: String,
    },
    /// Decide that the full scope is known: only then may a restricted incident be opened
    ScopeKnown {
        id: String,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Say whom it is kept from beyond its visibility: `employee` shuts owners out too
    Sensitivity {
        id: String,
        #[arg(value_parser = ["normal", "employee"])]
        sensitivity: String,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Change who may learn of it
    Visibility {
        id: String,
        #[arg(value_parser = ["restricted", "open"])]
        visibility: String,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Link an alert
    Link {
        id: String,
        /// The alert's id
        alert: String,
    },
    /// Write a status update: six fields, none of them empty
    Update(UpdateArgs),
    /// List the status updates, the newest first
    Updates { id: String },
    /// Read what a joiner has to know
    Briefing { id: String },
    /// Read the tracking document, or write its next version from a file
    Document {
        id: String,
        /// A version before the newest
        #[arg(long, value_name = "N", conflicts_with = "write")]
        version: Option<i64>,
        /// A file with the new text; `-` is the standard input
        #[arg(long, value_name = "FILE", requires = "read")]
        write: Option<std::path::PathBuf>,
        /// The version that the new text was made from
        #[arg(long, value_name = "N")]
        read: Option<i64>,
    },
    /// Set where people meet: call, room or document; an empty address takes it away
    Meet {
        id: String,
        #[arg(value_parser = ["call", "room", "document"])]
        link: String,
        address: String,
    },
    /// List the rooms and calls that channels made, and where another can be made
    Rooms { id: String },
    /// Make a private room or a call on a channel, or show the one that is there
    Room {
        id: String,
        /// Name or id of the channel
        channel: String,
    },
    /// Pieces of work
    #[command(subcommand)]
    Task(TaskCommand),
}

#[derive(Args, Debug)]
pub(super) struct ListArgs {
    /// Only open, resolved, closed or dismissed ones
    #[arg(long, value_parser = ["open", "resolved", "closed", "dismissed"])]
    pub(super) state: Option<String>,
    /// Only in these phases
    #[arg(long, value_delimiter = ',', value_parser = words::phase())]
    pub(super) phase: Vec<String>,
    /// Only of these severities
    #[arg(long, value_delimiter = ',', value_parser = words::severity())]
    pub(super) severity: Vec<String>,
    /// Only of these classes
    #[arg(long, value_delimiter = ',', value_parser = words::class())]
    pub(super) class: Vec<String>,
    /// Only of this team
    #[arg(long)]
    pub(super) team: Option<String>,
    /// Only led by this person
    #[arg(long)]
    pub(super) commander: Option<String>,
    /// Only those that somebody is accountable for: `me`, a login, "team NAME", "schedule NAME", owners
    #[arg(long, value_name = "WHO")]
    pub(super) accountable: Option<String>,
    /// Only real ones, drills or tests
    #[arg(long, value_parser = ["real", "drill", "test"])]
    pub(super) kind: Option<String>,
    /// Only with this text in the title
    #[arg(long)]
    pub(super) text: Option<String>,
    #[command(flatten)]
    pub(super) page: PageArgs,
}

#[derive(Args, Debug)]
pub(super) struct DeclareArgs {
    /// What is wrong, in one line
    #[arg(required_unless_present_any = ["incident", "title_option"])]
    pub(super) title: Option<String>,
    /// What is wrong, in one line
    #[arg(long = "title", id = "title_option", value_name = "TITLE", conflicts_with = "title")]
    pub(super) title_option: Option<String>,
    /// Declare this incident, which is in triage, instead of a new one
    #[arg(long, value_name = "ID", conflicts_with_all = ["title", "title_option"])]
    pub(super) incident: Option<String>,
    /// How bad it is; if unsure take the higher
    #[arg(long, value_parser = words::severity())]
    pub(super) severity: Option<String>,
    /// What kind of trouble it is
    #[arg(long, value_parser = words::class(), default_value = "other")]
    pub(super) class: String,
    /// Who works on it; without it the default team of the plans
    #[arg(long)]
    pub(super) team: Option<String>,
    /// Who may learn of it; without it as the class has it
    #[arg(long, value_parser = ["restricted", "open"])]
    pub(super) visibility: Option<String>,
    /// When it began, RFC 3339, if known
    #[arg(long, value_name = "TIME")]
    pub(super) occurred_at: Option<String>,
    /// What is known so far; for one in triage the reason
    #[arg(long, value_name = "TEXT")]
    pub(super) text: Option<String>,
    /// A drill or a test stays out of every figure
    #[arg(long, value_parser = ["real", "drill", "test"], default_value = "real")]
    pub(super) kind: String,
}

#[derive(Args, Debug)]
pub(super) struct UpdateArgs {
    pub(super) id: String,
    /// What can still go wrong, and for whom
    #[arg(long, value_name = "TEXT")]
    pub(super) risk: String,
    /// How many users feel it
    #[arg(long, value_parser = ["some", "many", "all", "none", "unknown"])]
    pub(super) users: String,
    /// What happened when, as far as the readers need it
    #[arg(long, value_name = "TEXT")]
    pub(super) timeline: String,
    /// What was done against it
    #[arg(long, value_name = "TEXT")]
    pub(super) mitigation: String,
    /// Where it stands now
    #[arg(long, value_name = "TEXT")]
    pub(super) status: String,
    /// What happens next
    #[arg(long, value_name = "TEXT")]
    pub(super) next_steps: String,
    /// The number of the update that this one puts right
    #[arg(long, value_name = "N")]
    pub(super) revises: Option<i64>,
    /// When the next one is due, RFC 3339; without it as the plans have it
    #[arg(long, value_name = "TIME")]
    pub(super) next_due_at: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct RoleArgs {
    pub(super) id: String,
    /// commander, seoc, operations, communications, scribe, liaison, or one of the plans
    pub(super) role: String,
    /// Who holds it from now on
    #[arg(required_unless_present_any = ["vacate", "offer", "accept"])]
    pub(super) holder: Option<String>,
    /// Leave it empty
    #[arg(long, conflicts_with_all = ["holder", "offer", "accept"])]
    pub(super) vacate: bool,
    /// Offer it to somebody, who then accepts
    #[arg(long, value_name = "WHO", conflicts_with_all = ["holder", "accept"])]
    pub(super) offer: Option<String>,
    /// Take what was offered to you
    #[arg(long, conflicts_with = "holder")]
    pub(super) accept: bool,
}

/// Pieces of work
#[derive(Subcommand, Debug)]
pub(super) enum TaskCommand {
    /// List the tasks of an incident
    List { id: String },
    /// Add a task
    Add {
        id: String,
        title: String,
        /// Who does it
        #[arg(long)]
        owner: Option<String>,
        /// The team that the work belongs to
        #[arg(long)]
        team: Option<String>,
        /// Until when, RFC 3339
        #[arg(long, value_name = "TIME")]
        due_at: Option<String>,
        /// Whether somebody has to be consulted before it is done
        #[arg(long, value_name = "YES", num_args = 0..=1, default_missing_value = "true")]
        consult: Option<bool>,
        /// Give it to who leads all the same
        #[arg(long)]
        insist: bool,
    },
    /// Record who was consulted about a task
    Consulted {
        id: String,
        /// Its number within the incident
        number: i64,
        /// What they said
        text: String,
        /// Who was asked; without it you
        #[arg(long, value_name = "LOGIN")]
        by: Option<String>,
    },
    /// Change a task
    Set {
        id: String,
        /// Its number within the incident
        number: i64,
        /// How far it has come
        #[arg(long, value_parser = words::task_state())]
        state: Option<String>,
        /// Who does it; an empty text is nobody
        #[arg(long)]
        owner: Option<String>,
        /// The team that the work belongs to; an empty text is the incident's own
        #[arg(long)]
        team: Option<String>,
        /// What is to be done
        #[arg(long)]
        title: Option<String>,
        /// Until when, RFC 3339; an empty text is no date
        #[arg(long, value_name = "TIME")]
        due_at: Option<String>,
        /// Whether somebody has to be consulted before it is done
        #[arg(long, value_name = "YES", num_args = 0..=1, default_missing_value = "true")]
        consult: Option<bool>,
        /// Why it is done though nobody was consulted who had to be
        #[arg(long, value_name = "REASON")]
        unconsulted: Option<String>,
        /// Give it to who leads all the same
        #[arg(long)]
        insist: bool,
    },
}

use clap::CommandFactory;

use super::Cli;

/// Each operation of the API with the command by which it is done.
const COMMANDS: &[(&str, &str)] = &[
    ("accept_role", "incident role"),
    ("accept_swap", "oncall swap accept"),
    ("acknowledge_alert", "alert ack"),
    ("acknowledge_incident", "incident acknowledge"),
    ("acknowledge_page", "page ack"),
    ("acknowledge_report", "report acknowledge"),
    ("add_channel", "channel add"),
    ("add_contact", "contact add"),
    ("add_feed", "oncall feed add"),
    ("add_override", "oncall override add"),
    ("add_person", "person add"),
    ("add_recovery_link", "invite recover"),
    ("add_silence", "silence add"),
    ("add_source", "source add"),
    ("add_task", "incident task add"),
    ("add_token", "token add"),
    ("answer_check", "report check"),
    ("apply_plans", "plans apply"),
    ("assign_role", "incident role"),
    ("change_person", "person set"),
    ("change_task", "incident task set"),
    ("check_plans", "plans check"),
    ("close_incident", "incident close"),
    ("declare_incident", "incident declare"),
    ("declare_reported", "incident declare"),
    ("diff_plans", "plans diff"),
    ("disable_channel", "channel disable"),
    ("disable_person", "person disable"),
    ("disable_source", "source disable"),
    ("dismiss_incident", "incident dismiss"),
    ("enable_channel", "channel enable"),
    ("enable_person", "person enable"),
    ("enable_source", "source enable"),
    ("end_override", "oncall override end"),
    ("end_session", "account end-session"),
    ("end_silence", "silence end"),
    ("explain_event", "explain"),
    ("export_figures", "figures"),
    ("get_alert", "alert show"),
    ("get_board", "board"),
    ("get_briefing", "incident briefing"),
    ("get_channel", "channel show"),
    ("get_counts", "counts"),
    ("get_event", "event show"),
    ("get_figures", "figures"),
    ("get_incident", "incident show"),
    ("get_me", "account show"),
    ("get_organisation", "organisation show"),
    ("get_page", "page show"),
    ("get_paging_preference", "contact quiet"),
    ("get_person", "person show"),
    ("get_plan_version", "plans show"),
    ("get_plans", "plans show"),
    ("get_report", "report show"),
    ("get_schedule", "oncall show"),
    ("get_setup", "source setup"),
    ("get_sign_in", "organisation sign-in"),
    ("get_source", "source show"),
    ("get_timeline", "incident timeline"),
    ("get_tracking_document", "incident document"),
    ("get_work", "work"),
    ("give_grant", "incident grant"),
    ("invite", "invite add"),
    ("know_scope", "incident scope-known"),
    ("link_alert", "incident link"),
    ("lint_on_call", "oncall lint"),
    ("list_access", "incident access"),
    ("list_alerts", "alert list"),
    ("list_channel_kinds", "channel kinds"),
    ("list_channels", "channel list"),
    ("list_chat_links", "chat list"),
    ("list_contacts", "contact list"),
    ("list_entries", "record list"),
    ("list_events", "event list"),
    ("list_feeds", "oncall feed list"),
    ("list_incidents", "incident list"),
    ("list_invitations", "invite list"),
    ("list_kinds", "source kinds"),
    ("list_on_call", "oncall who"),
    ("list_overrides", "oncall override list"),
    ("list_pages", "page list"),
    ("list_people", "person list"),
    ("list_plan_versions", "plans versions"),
    ("list_reports", "report list"),
    ("list_rooms", "incident rooms"),
    ("list_notices", "incident notices"),
    ("verify_resolution", "incident verify"),
    ("reject_resolution", "incident verify"),
    ("consulted", "incident task consulted"),
    ("list_sessions", "account sessions"),
    ("list_silences", "silence list"),
    ("list_sources", "source list"),
    ("list_swaps", "oncall swap list"),
    ("list_tasks", "incident task list"),
    ("list_teams", "person team"),
    ("list_tokens", "token list"),
    ("list_updates", "incident updates"),
    ("make_chat_code", "chat link"),
    ("merge_incident", "incident merge"),
    ("note_incident", "incident note"),
    ("offer_role", "incident role"),
    ("offer_swap", "oncall swap offer"),
    ("open_room", "incident room"),
    ("order_contacts", "contact order"),
    ("page_budget", "page budget"),
    ("put_member", "person team"),
    ("refuse_swap", "oncall swap refuse"),
    ("remove_contact", "contact remove"),
    ("remove_member", "person team"),
    ("rename_incident", "incident rename"),
    ("renew_invitation", "invite renew"),
    ("reopen_incident", "incident reopen"),
    ("report", "report add"),
    ("requeue_event", "event requeue"),
    ("resolve_alert", "alert resolve"),
    ("resolve_incident", "incident resolve"),
    ("revoke_feed", "oncall feed revoke"),
    ("revoke_grant", "incident revoke"),
    ("revoke_invitation", "invite revoke"),
    ("revoke_token", "token revoke"),
    ("rotate_channel", "channel rotate"),
    ("rotate_source", "source rotate"),
    ("send_contact_code", "contact code"),
    ("send_page", "page send"),
    ("set_channel", "channel set"),
    ("set_incident_link", "incident meet"),
    ("set_organisation", "organisation set"),
    ("set_paging_preference", "contact quiet"),
    ("set_person_role", "person role"),
    ("set_phase", "incident phase"),
    ("set_sensitivity", "incident sensitivity"),
    ("set_severity", "incident severity"),
    ("set_sign_in", "organisation sign-in"),
    ("set_source", "source set"),
    ("set_team", "incident team"),
    ("set_visibility", "incident visibility"),
    ("silence_alert", "alert silence"),
    ("summarise_incident", "incident summary"),
    ("test_channel", "channel test"),
    ("triage_incident", "incident triage"),
    ("trust_channel", "channel trust"),
    ("try_source", "source try"),
    ("unlink_chat", "chat unlink"),
    ("vacate_role", "incident role"),
    ("verify_contact", "contact verify"),
    ("write_tracking_document", "incident document"),
    ("write_update", "incident update"),
];

#[test]
fn every_command_is_well_formed_and_says_what_it_does() {
    let mut root = Cli::command();
    root.clone().debug_assert();
    root.build();
    check(&root);
}

fn check(command: &clap::Command) {
    for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
        assert!(child.get_about().is_some(), "{} says nothing", child.get_name());
        check(child);
    }
    for argument in command.get_arguments().filter(|argument| argument.get_long().is_some()) {
        assert!(argument.get_help().is_some(), "{} of {} says nothing", argument.get_id(), command.get_name());
    }
}

#[test]
fn every_operation_of_the_api_has_a_command_that_prints_json() {
    let document = serde_json::to_value(watchfire_web::api::openapi()).expect("the document is JSON");
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.values().flat_map(|item| item.as_object().into_iter().flat_map(|item| item.values()));
    let operations: Vec<&str> = operations.filter_map(|operation| operation["operationId"].as_str()).collect();
    for operation in &operations {
        assert!(COMMANDS.iter().any(|(known, _)| known == operation), "{operation} has no command");
    }
    let mut root = Cli::command();
    root.build();
    for (operation, words) in COMMANDS {
        assert!(operations.contains(operation), "{operation} is no operation any more");
        let command = words.split(' ').try_fold(&root, |command, word| {
            let named = |child: &&clap::Command| child.get_name() == word || child.get_all_aliases().any(|alias| alias == word);
            command.get_subcommands().find(named)
        });
        let command = command.unwrap_or_else(|| panic!("{operation}: there is no watchfire {words}"));
        assert!(command.get_arguments().any(|argument| argument.get_long() == Some("json")), "{words} has no --json");
    }
}

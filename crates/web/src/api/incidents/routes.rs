//! The routes of incidents.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{access, change, duties, raise, read, roles, rooms, tasks, updates};
use crate::AppState;

/// Lists them all.
pub(in crate::api) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(read::list_incidents, raise::declare_incident))
        .routes(routes!(read::get_incident))
        .routes(routes!(read::get_timeline))
        .routes(routes!(change::acknowledge_incident))
        .routes(routes!(change::triage_incident))
        .routes(routes!(change::declare_reported))
        .routes(routes!(change::note_incident))
        .routes(routes!(change::set_severity))
        .routes(routes!(change::set_phase))
        .routes(routes!(change::resolve_incident))
        .routes(routes!(change::close_incident))
        .routes(routes!(change::reopen_incident))
        .routes(routes!(change::dismiss_incident))
        .routes(routes!(change::merge_incident))
        .routes(routes!(change::rename_incident))
        .routes(routes!(change::summarise_incident))
        .routes(routes!(change::set_team))
        .routes(routes!(change::set_visibility))
        .routes(routes!(access::list_access))
        .routes(routes!(access::give_grant))
        .routes(routes!(access::revoke_grant))
        .routes(routes!(access::know_scope))
        .routes(routes!(access::set_sensitivity))
        .routes(routes!(change::link_alert))
        .routes(routes!(roles::assign_role, roles::vacate_role))
        .routes(routes!(roles::offer_role))
        .routes(routes!(roles::accept_role))
        .routes(routes!(rooms::list_rooms, rooms::open_room))
        .routes(routes!(tasks::list_tasks, tasks::add_task))
        .routes(routes!(tasks::change_task))
        .routes(routes!(tasks::consulted))
        .routes(routes!(duties::list_notices))
        .routes(routes!(duties::verify_resolution))
        .routes(routes!(duties::reject_resolution))
        .routes(routes!(updates::list_updates, updates::write_update))
        .routes(routes!(updates::get_tracking_document, updates::write_tracking_document))
        .routes(routes!(updates::get_briefing))
        .routes(routes!(updates::set_incident_link))
}

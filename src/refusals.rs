//! Every mistake that the compiler refuses, with the program that makes it and what the compiler says.
//!
//! The programs are this crate's UI tests, and the messages their verified snapshots.

macro_rules! refusals {
    ($($(#[$cfg:meta])* $theme:ident { $($name:ident)* })*) => { $(
        $(#[$cfg])*
        #[doc = concat!("Programs of the theme `", stringify!($theme), "`.")]
        pub mod $theme { $(
            #[doc = "```compile_fail"]
            #[doc = include_str!(concat!("../ui-tests/", stringify!($theme), "/", stringify!($name), ".rs"))]
            #[doc = "```"]
            #[doc = "```text"]
            #[doc = include_str!(concat!("../ui-tests/", stringify!($theme), "/", stringify!($name), ".stderr"))]
            #[doc = "```"]
            pub mod $name {}
        )* }
    )* };
}

refusals! {
    direction {
        a_push_cannot_receive
        a_pub_cannot_receive
        a_sub_cannot_send
        a_pull_cannot_send
        a_pull_cannot_send_several_frames_either
        an_xsub_does_not_publish
        a_router_needs_to_know_whom_to_send_to
        a_stream_needs_to_know_whom_to_send_to
        an_xpub_receives_events
        a_stream_receives_events
        only_sub_and_xsub_subscribe
        a_sub_without_topics_receives_nothing
        a_new_sub_is_not_subscribed
        a_pull_cannot_be_split
    }
    lifecycle {
        an_idle_push_cannot_send
        an_idle_pub_cannot_send
        an_idle_pull_cannot_receive
        an_idle_req_cannot_ask
        a_closed_socket_cannot_receive
        a_closed_socket_cannot_send_several_frames
        a_socket_is_closed_once
        a_bound_socket_is_not_bound_again
        a_pair_has_one_peer
        a_connected_socket_has_no_address
        options_come_before_bind
        a_send_has_to_be_awaited
    }
    lockstep {
        req_asks_before_it_receives
        req_receives_before_it_asks_again
        req_is_busy_until_its_reply
        a_waiting_req_cannot_make_a_request
        rep_receives_before_it_replies
        rep_replies_before_it_receives_again
        rep_replies_once
        a_phase_has_to_be_kept
    }
    peers {
        a_pub_cannot_connect_to_a_pull
        a_sub_cannot_connect_to_a_push
        a_req_cannot_connect_to_a_pub
        a_dealer_cannot_connect_to_a_stream
        only_its_own_type_binds_an_address
        a_routing_id_belongs_to_its_type
        a_push_does_not_choose_its_peer
        a_pull_announces_no_routing_id
    }
    endpoints {
        a_port_is_at_most_65535
        a_port_is_a_number
        a_tcp_endpoint_has_a_port
        a_tcp_endpoint_has_a_host
        the_constructor_adds_the_scheme
        an_ipv6_address_stands_in_brackets
        an_ipv4_number_is_at_most_255
        a_host_name_has_no_blanks
        an_ipc_endpoint_has_a_path
        an_abstract_ipc_name_is_not_empty
        an_ipc_path_fits_into_107_bytes
        an_inproc_name_is_not_empty
        the_name_of_the_zap_handler_is_reserved
        a_literal_has_no_nul_byte
        the_macro_checks_its_literal
        an_address_checks_its_literal
        stream_speaks_tcp_only
        a_push_does_not_speak_udp
        a_number_is_no_endpoint
    }
    threads {
        a_socket_is_not_shared_between_threads
        an_arc_does_not_share_a_socket
    }
    contexts {
        the_rule_holds_through_a_reference
        the_rule_holds_in_a_spawned_task
        a_generic_function_says_what_it_needs
    }
    sealed {
        nobody_adds_a_socket_type
        nobody_adds_a_mode
        nobody_adds_a_capability
        nobody_adds_a_transport
    }
    #[cfg(feature = "draft")]
    draft {
        a_server_needs_to_know_whom_to_send_to
        a_peer_needs_to_know_whom_to_send_to
        a_radio_needs_a_group
        a_topic_is_no_group
        a_radio_cannot_receive
        a_dish_cannot_send
        a_dish_without_groups_receives_nothing
        a_dish_does_not_subscribe
        only_dish_joins_groups
        a_group_takes_at_most_14_bytes
        a_group_has_no_nul_byte
        a_gather_cannot_send
        a_scatter_cannot_receive
        a_dgram_needs_an_address
        a_dgram_address_is_no_text
        a_dgram_does_not_connect
        a_dgram_speaks_udp_only
        a_radio_does_not_bind_udp
        a_dish_does_not_connect_over_udp
        a_client_does_not_speak_udp
        a_peer_connects_by_connect_peer
        draft_types_send_one_frame
        draft_types_receive_one_frame
        a_channel_has_one_peer
        a_server_does_not_connect_to_a_server
        a_routers_routing_id_is_no_servers
        a_servers_routing_id_cannot_be_made_up
        a_classic_socket_is_not_shared
        a_dgram_is_not_shared
        a_shared_socket_is_not_closed_under_a_call
    }
    #[cfg(not(feature = "draft"))]
    without_draft {
        a_server_needs_the_feature_draft
        a_group_needs_the_feature_draft
    }
}

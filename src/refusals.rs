//! Every mistake that the compiler refuses: the program that makes it, what the compiler says, and the program that is right.
//!
//! The programs are this crate's UI tests, and the messages their verified snapshots. The first line of each says what libzmq would
//! have done with it. Begin with [`direction`], [`lifecycle`] and [`lockstep`].

macro_rules! refusals {
    ($($(#[$cfg:meta])* $theme:ident $title:literal { $($name:ident)* })*) => { $(
        $(#[$cfg])*
        #[doc = $title]
        $(
            #[doc = ""]
            #[doc = concat!("# `", stringify!($name), "`")]
            #[doc = "```compile_fail"]
            #[doc = include_str!(concat!("../ui-tests/", stringify!($theme), "/", stringify!($name), ".rs"))]
            #[doc = "```"]
            #[doc = "The compiler:"]
            #[doc = "```text"]
            #[doc = include_str!(concat!("../ui-tests/", stringify!($theme), "/", stringify!($name), ".stderr"))]
            #[doc = "```"]
            #[doc = "Instead:"]
            #[doc = "```no_run"]
            #[doc = include_str!(concat!("../ui-tests/allowed/", stringify!($theme), "/", stringify!($name), ".rs"))]
            #[doc = "```"]
        )*
        pub mod $theme {}
    )* };
}

refusals! {
    direction "Who sends and who receives." {
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
        a_set_of_pushes_receives_nothing
        a_sub_has_no_room_to_wait_for
        a_router_receives_the_sender_too
        an_xpub_does_not_subscribe
        a_pub_is_not_polled_for_output
    }
    lifecycle "Before a socket is attached, and after it is closed." {
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
        a_terminated_context_makes_no_sockets
        an_idle_router_cannot_send
        a_closed_socket_cannot_send
        a_closed_socket_cannot_receive_several_frames
    }
    lockstep "REQ and REP take turns." {
        req_asks_before_it_receives
        req_receives_before_it_asks_again
        req_is_busy_until_its_reply
        a_waiting_req_cannot_make_a_request
        rep_receives_before_it_replies
        rep_replies_before_it_receives_again
        rep_replies_once
        a_phase_has_to_be_kept
        a_request_has_to_be_answered
        two_questions_are_not_asked_at_once
    }
    peers "Who talks to whom." {
        a_pub_cannot_connect_to_a_pull
        a_sub_cannot_connect_to_a_push
        a_req_cannot_connect_to_a_pub
        a_dealer_cannot_connect_to_a_stream
        only_its_own_type_binds_an_address
        a_routing_id_belongs_to_its_type
        a_push_does_not_choose_its_peer
        a_pull_announces_no_routing_id
        a_reply_needs_the_envelope
        a_streams_routing_id_cannot_be_made_up
        a_connection_is_disconnected
    }
    endpoints "Endpoints." {
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
        an_inproc_name_fits_into_256_bytes
        a_ws_endpoint_has_a_port
        pgm_is_not_in_this_libzmq
        an_address_has_no_wildcard
        an_address_has_a_port_of_its_own
        an_interface_stands_before_a_multicast_group
        an_ipv6_group_has_no_interface
    }
    threads "Threads." {
        a_socket_is_not_shared_between_threads
        an_arc_does_not_share_a_socket
    }
    contexts "The same rules, wherever the call stands: in generic code, through references, in tasks." {
        the_rule_holds_through_a_reference
        the_rule_holds_in_a_spawned_task
        a_generic_function_says_what_it_needs
        the_rule_holds_in_an_async_block
    }
    sealed "What is fixed: nobody adds a socket type, a mode or a transport." {
        nobody_adds_a_socket_type
        nobody_adds_a_mode
        nobody_adds_a_capability
        nobody_adds_a_transport
    }
    messages "Messages." {
        a_message_has_all_its_frames
        a_sent_message_is_gone
        the_bytes_of_a_message_stay
        borrowed_bytes_are_copied
        only_what_lives_for_ever_is_static
    }
    waiting "Waiting for many sockets." {
        a_set_has_no_descriptor
        a_closed_socket_is_not_waited_for
        a_socket_is_in_a_set_once
        a_socket_of_a_set_is_not_closed
        an_empty_set_has_nothing_to_wait_for
    }
    options "Options." {
        a_pull_has_no_send_queue
        a_push_has_no_receive_queue
        a_stream_does_not_limit_messages
        a_router_does_not_conflate
        a_pub_does_not_queue_ahead
        a_push_waits_by_itself
        a_pull_matches_no_topics
        a_pub_is_not_told_of_subscriptions
        a_pub_welcomes_nobody
        a_dealer_does_not_correlate
        a_dealer_hands_over_no_names
        a_rep_has_no_router_options
        a_push_does_not_probe
        a_stream_has_no_heartbeat
        a_heartbeat_comes_before_connect
        conflate_comes_before_bind
        a_context_has_its_settings_from_the_start
        what_libzmq_does_not_tell_cannot_be_read
        a_queue_of_zero_is_not_what_it_seems
        never_to_reconnect_is_said_in_words
        to_linger_for_ever_is_said_in_words
        a_ttl_is_at_most_65_seconds
        a_backoff_grows
        a_req_is_not_relaxed_alone
        correlation_comes_before_the_first_question
        a_rep_does_not_probe
        a_router_does_not_queue_ahead
        a_streams_routing_ids_come_with_its_events
        a_pub_has_no_manual_mode
        an_xpub_has_no_manual_mode
        a_value_has_the_type_of_its_option
        a_ttl_is_in_tenths_of_a_second
        a_heartbeat_has_an_interval
        a_router_does_not_go_raw
        ipv4_is_not_an_option
        addresses_are_filtered_by_a_zap_handler
    }
    proxies "Proxies." {
        rep_and_req_are_no_proxy
        two_routers_are_no_proxy
        two_pulls_are_no_proxy
        sub_and_pub_forward_no_subscriptions
        two_pushes_are_no_proxy
        one_way_is_for_what_loses_something
        an_idle_socket_is_not_proxied
        a_proxied_socket_is_not_used_elsewhere
        a_pull_cannot_capture
        a_proxy_has_its_commands_as_methods
        a_socket_is_not_both_ends
        a_closed_socket_is_not_proxied
    }
    #[cfg(feature = "draft")]
    draft "The draft types." {
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
        a_dgram_has_no_connections
        a_push_does_not_greet
        a_client_is_not_told_of_a_servers_end
        a_dish_does_not_send_by_multicast
        a_priority_is_at_most_6
        a_server_and_a_client_are_no_proxy
        an_idle_dgram_cannot_send
        a_dgram_has_one_port
        a_dish_does_not_connect_to_a_pub
        a_dish_is_never_writable
        a_dish_has_no_heartbeat
        a_second_server_is_also_connected
        only_peer_connects_by_connect_peer
        a_peer_does_not_queue_ahead
        a_dgram_speaks_ipv4_only
        a_client_that_is_not_shared_has_one_receiver
        a_client_has_no_descriptor
        a_dgram_has_no_connections_to_monitor
    }
    #[cfg(not(feature = "draft"))]
    without_draft "The draft types, without the feature `draft`." {
        a_server_needs_the_feature_draft
        a_group_needs_the_feature_draft
        a_greeting_needs_the_feature_draft
        a_priority_needs_the_feature_draft
    }
    security "Security: PLAIN, addresses, ZAP." {
        plain_needs_a_zap_handler
        a_zap_domain_needs_a_handler
        plain_is_called_unencrypted
        plain_does_not_hold_over_inproc
        a_secured_socket_does_not_also_connect_over_inproc
        security_comes_before_bind
        a_socket_is_not_client_and_server
        a_stream_has_no_security
        an_open_socket_is_not_secured
        a_policy_answers_with_a_reply
        addresses_are_no_passwords
    }
    #[cfg(feature = "curve")]
    curve "CURVE." {
        a_curve_server_says_who_may_connect
        a_curve_client_needs_the_key_of_the_server
        a_secret_key_is_no_public_key
        a_key_has_forty_characters
        a_key_is_z85
        a_secret_key_is_not_printed
        a_socket_has_one_security_role
        curve_does_not_hold_over_inproc
        plain_does_not_encrypt
        a_curve_domain_needs_keys
    }
    #[cfg(not(feature = "curve"))]
    without_curve "CURVE, without the feature `curve`." {
        a_curve_server_needs_the_feature_curve
    }
}

"""Two emulated Bluetooth controllers, and the air between them.

bumble emulates a controller and the link; the kernel finds each behind /dev/vhci. What bumble's
controller does not answer, and a BR/EDR host asks, is answered here.
"""

import asyncio
import threading

from bumble import hci
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink
from bumble.transport import open_transport

ADDRESSES = ("F0:F1:F2:F3:F4:00", "F0:F1:F2:F3:F4:01")
PATIENCE = 60

SUCCESS = hci.HCI_ErrorCode.SUCCESS
# The general inquiry access code, GIAC, of the assigned numbers.
GIAC = bytes((0x33, 0x8B, 0x9E))
# CVSD coding, 16 bits, of the core specification, volume 4, part E, 6.12.
VOICE_SETTING = 0x0060
# What a packet to or from the kernel may hold: HCI_MAX_FRAME_SIZE of its hci.h is 1028, headers and all.
ACL_DATA_MAX = 1021
# The packet boundary flag of all but the first piece of a PDU.
CONTINUING = 1


class ClassicController(Controller):
    """A controller with BR/EDR and synchronous links as well as LE."""

    lmp_features = (
        hci.LmpFeatureMask.LE_SUPPORTED_CONTROLLER
        | hci.LmpFeatureMask.EXTENDED_FEATURES
        | hci.LmpFeatureMask.LMP_3_SLOT_PACKETS
        | hci.LmpFeatureMask.LMP_5_SLOT_PACKETS
        | hci.LmpFeatureMask.SCO_LINK
        | hci.LmpFeatureMask.CVSD_SYNCHRONOUS_DATA
        | hci.LmpFeatureMask.EXTENDED_SCO_LINK_EV3_PACKETS
    )
    supported_commands = Controller.supported_commands | {
        hci.HCI_ENHANCED_SETUP_SYNCHRONOUS_CONNECTION_COMMAND
    }

    def succeed(self, _command):
        return hci.HCI_StatusReturnParameters(SUCCESS)

    on_hci_set_event_filter_command = succeed
    on_hci_write_connection_accept_timeout_command = succeed
    on_hci_write_voice_setting_command = succeed

    def on_hci_read_voice_setting_command(self, _command):
        return hci.HCI_Read_Voice_Setting_ReturnParameters(SUCCESS, VOICE_SETTING)

    def on_hci_read_number_of_supported_iac_command(self, _command):
        return hci.HCI_Read_Number_Of_Supported_IAC_ReturnParameters(SUCCESS, 1)

    def on_hci_read_current_iac_lap_command(self, _command):
        return hci.HCI_Read_Current_IAC_LAP_ReturnParameters(SUCCESS, 1, GIAC)

    def on_hci_read_buffer_size_command(self, _command):
        return hci.HCI_Read_Buffer_Size_ReturnParameters(
            status=SUCCESS,
            hc_acl_data_packet_length=ACL_DATA_MAX,
            hc_synchronous_data_packet_length=60,
            hc_total_num_acl_data_packets=8,
            hc_total_num_synchronous_data_packets=8,
        )

    def on_hci_create_connection_command(self, command):
        if self.link.find_classic_controller(command.bd_addr):
            super().on_hci_create_connection_command(command)
            return
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        self.send_hci_packet(
            hci.HCI_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.PAGE_TIMEOUT_ERROR,
                connection_handle=0,
                bd_addr=command.bd_addr,
                link_type=hci.HCI_Connection_Complete_Event.LinkType.ACL,
                encryption_enabled=0,
            )
        )

    def send_hci_packet(self, packet):
        """Data in packets that the kernel takes: bumble has put the pieces of a PDU together."""
        if not isinstance(packet, hci.HCI_AclDataPacket):
            super().send_hci_packet(packet)
            return
        boundary = packet.pb_flag
        for start in range(0, len(packet.data), ACL_DATA_MAX):
            data = packet.data[start : start + ACL_DATA_MAX]
            super().send_hci_packet(
                hci.HCI_AclDataPacket(
                    packet.connection_handle, boundary, packet.bc_flag, len(data), data
                )
            )
            boundary = CONTINUING

    def on_hci_accept_synchronous_connection_request_command(self, command):
        self.on_hci_enhanced_accept_synchronous_connection_request_command(command)

    def on_hci_packet(self, packet):
        if isinstance(packet, hci.HCI_SynchronousDataPacket):
            self.carry(packet)
        else:
            super().on_hci_packet(packet)

    def carry(self, packet):
        """Voice data to the other end of its link, where the link has another handle."""
        peer = self.find_classic_sco_link_by_handle(packet.connection_handle).peer_address
        other = self.link.find_classic_controller(peer)
        packet.connection_handle = other.sco_links[self.public_address].handle
        other.send_hci_packet(packet)


class Air(LocalLink):
    """What is between controllers that use their public address on LE as well.

    The link of bumble takes the sender of LE data to be its random address.
    """

    def send_acl_data(self, sender, destination, transport, data):
        receiver = self.find_le_controller(destination)
        if transport == PhysicalTransport.LE and receiver is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(receiver.on_link_acl_data, sender.public_address, transport, data)
        else:
            super().send_acl_data(sender, destination, transport, data)


class Emulation:
    """The controllers at work, in a thread of their own, until close()."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.transports = []
        self.controllers = []
        try:
            self.wait_for(self.start())
        except BaseException:
            self.close()
            raise

    def wait_for(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    async def start(self):
        link = Air()
        for address in ADDRESSES:
            transport = await open_transport("vhci")
            self.transports.append(transport)
            self.controllers.append(
                ClassicController(
                    address,
                    host_source=transport.source,
                    host_sink=transport.sink,
                    link=link,
                    public_address=address,
                )
            )

    async def stop(self):
        for transport in self.transports:
            await transport.close()

    def close(self):
        try:
            self.wait_for(self.stop())
        finally:
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(PATIENCE)
            self.loop.close()

"""Emulated Bluetooth controllers, and the air between them: controllers.py ADDRESS...

bumble emulates the controllers and the link. The kernel finds each behind /dev/vhci. This program
answers the commands of a BR/EDR host that bumble's controller does not answer.

It prints the kernel's numbers of the devices, and runs until its standard input ends. It is a
separate program, because the calls under test may wait for the answer of a controller.
"""

import asyncio
import os
import sys

from bumble import hci
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink

SUCCESS = hci.HCI_ErrorCode.SUCCESS
# The general inquiry access code, GIAC, of the assigned numbers.
GIAC = bytes((0x33, 0x8B, 0x9E))
# CVSD coding, 16 bits, of the core specification, volume 4, part E, 6.12.
VOICE_SETTING = 0x0060
# The most data in a packet for the kernel: HCI_MAX_FRAME_SIZE of its hci.h is 1028, with headers.
ACL_DATA_MAX = 1021
# The packet boundary flag of all fragments of a PDU but the first.
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
    # The kernel trusts this list: to Linux 6.12 a controller without READ_VOICE_SETTING has no
    # synchronous links, so it refuses to connect.
    supported_commands = Controller.supported_commands | {
        hci.HCI_CREATE_CONNECTION_COMMAND,
        hci.HCI_ACCEPT_CONNECTION_REQUEST_COMMAND,
        hci.HCI_ACCEPT_SYNCHRONOUS_CONNECTION_REQUEST_COMMAND,
        hci.HCI_ENHANCED_SETUP_SYNCHRONOUS_CONNECTION_COMMAND,
        hci.HCI_ENHANCED_ACCEPT_SYNCHRONOUS_CONNECTION_REQUEST_COMMAND,
        hci.HCI_SET_EVENT_FILTER_COMMAND,
        hci.HCI_WRITE_CONNECTION_ACCEPT_TIMEOUT_COMMAND,
        hci.HCI_READ_VOICE_SETTING_COMMAND,
        hci.HCI_WRITE_VOICE_SETTING_COMMAND,
        hci.HCI_READ_NUMBER_OF_SUPPORTED_IAC_COMMAND,
        hci.HCI_READ_CURRENT_IAC_LAP_COMMAND,
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
        """Refuses if no controller has the address."""
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
        """Splits data into packets that the kernel accepts, because bumble has joined the fragments
        of a PDU."""
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
        """Passes voice data to the other end of its link, where the link has another handle."""
        peer = self.find_classic_sco_link_by_handle(packet.connection_handle).peer_address
        other = self.link.find_classic_controller(peer)
        packet.connection_handle = other.sco_links[self.public_address].handle
        other.send_hci_packet(packet)


class Air(LocalLink):
    """The link between controllers that use their public address on LE too.

    bumble's link assumes that the sender of LE data uses its random address.
    """

    def send_acl_data(self, sender, destination, transport, data):
        receiver = self.find_le_controller(destination)
        if transport == PhysicalTransport.LE and receiver is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(receiver.on_link_acl_data, sender.public_address, transport, data)
        else:
            super().send_acl_data(sender, destination, transport, data)


class Device:
    """The kernel's side of a controller: /dev/vhci, where a read or a write is one packet."""

    VENDOR, PRIMARY = 0xFF, 0

    def __init__(self):
        self.descriptor = os.open("/dev/vhci", os.O_RDWR | os.O_NONBLOCK)
        self.controller = None
        self.number = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().add_reader(self.descriptor, self.on_readable)
        self.on_packet(bytes((self.VENDOR, self.PRIMARY)))

    def on_readable(self):
        packet = os.read(self.descriptor, 2048)
        if packet[0] == self.VENDOR:
            # The answer to the request of __init__(): the number of the device.
            self.number.set_result(int.from_bytes(packet[2:4], "little"))
        else:
            self.controller.on_packet(packet)

    def on_packet(self, packet):
        """Passes a packet of the controller to the kernel."""
        os.write(self.descriptor, packet)


async def emulate():
    link = Air()
    devices = []
    for address in sys.argv[1:]:
        device = Device()
        device.controller = ClassicController(
            address, host_sink=device, link=link, public_address=address
        )
        devices.append(device)
    print(*[await device.number for device in devices], flush=True)
    over = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), over.set)
    await over.wait()


if __name__ == "__main__":
    asyncio.run(emulate())

/** The first program of the guest: mounts, modules, name, network, and then busybox' init. */
export function init(modules: readonly string[]): string {
  return `#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts
mount -t devpts pts /dev/pts
mount -t tmpfs tmp /tmp
for module in ${modules.join(' ')}; do insmod /lib/modules/$module; done
hostname "$(sed -n 's/.*machine=\\([^ ]*\\).*/\\1/p' /proc/cmdline)"
ifconfig lo 127.0.0.1 up
ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up && route add default gw 10.0.2.2
exec /sbin/init
`;
}

const inittab = `ttyS0::respawn:/sbin/getty -L 115200 ttyS0 vt100
tty1::respawn:/sbin/getty 38400 tty1 linux
::respawn:/bin/dropbear -F -B -r /etc/dropbear/host_key
::respawn:/bin/httpd -f -p 80 -h /srv
::once:/sbin/acpid
::ctrlaltdel:/sbin/reboot
::shutdown:/bin/umount -a -r
`;

const dirty = `#!/bin/sh
# Writes N MiB of memory again and again, so that a live migration has something to chase: dirty 24
N=\${1:-24}
while :; do dd if=/dev/urandom of=/tmp/dirty bs=64k count=$((N * 16)) conv=notrunc 2>/dev/null; done
`;

const page = `<!doctype html>
<title>A guest of the embedded cluster</title>
<h1>It works</h1>
<p>This page comes from inside the guest.</p>
`;

/** Path, content, and whether it can be run. */
export const texts: readonly (readonly [string, string, boolean?])[] = [
  ['etc/inittab', inittab],
  // Whoever may open the machine's console may log in: there is nothing to protect in it.
  ['etc/passwd', 'root::0:0:root:/root:/bin/sh\n'],
  ['etc/group', 'root:x:0:\n'],
  ['etc/shells', '/bin/sh\n'],
  ['etc/issue', '\nA guest of the embedded cluster: Linux in QEMU. Log in as root, without a password.\n\n'],
  ['etc/profile', 'export HOME=/root\nexport PS1=\'root@\\h:\\w# \'\n'],
  ['etc/acpi/PWRF/00000080', '#!/bin/sh\nexec poweroff\n', true],
  ['bin/dirty', dirty, true],
  ['srv/index.html', page],
];

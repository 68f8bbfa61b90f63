/** A small valid machine, the `index`th of many; `provisioning`: lines of its spec. */
export function manifest(index: number, provisioning = ''): string {
  return `apiVersion: virtualization.deckhouse.io/v1alpha2
kind: VirtualMachine
metadata:
  name: web-${index}
  namespace: shop
spec:
  virtualMachineClassName: generic
  runPolicy: AlwaysOn
  cpu:
    cores: 2
    coreFraction: 50%
  memory:
    size: 4Gi
${provisioning}  blockDeviceRefs:
    - kind: VirtualDisk
      name: web-${index}-root
`;
}

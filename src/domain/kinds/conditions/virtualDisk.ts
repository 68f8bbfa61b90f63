import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

export const virtualDiskConditions: Readonly<Record<string, ConditionHelp>> = {
  DatasourceReady: {
    good: 'True',
    meaning: text('What the disk is made from can be used.'),
    reasons: {
      DatasourceReady: { meaning: text('The source of the disk can be used, or the disk is made empty.') },
      ImageNotReady: { meaning: text('The image that the disk is made from is not ready yet.'), next: text('Look at the image; the disk goes on by itself when it is Ready.'), brief: text('its image is not ready'), health: 'warning' },
      ClusterImageNotReady: { meaning: text('The cluster image that the disk is made from is not ready yet, or does not exist.'), next: text('Look at the cluster image; the disk goes on by itself when it is Ready.'), brief: text('its image is not ready'), health: 'warning' },
      VirtualDiskSnapshot: { meaning: text('The disk snapshot that the disk is made from is not ready yet.'), next: text('Look at the snapshot; the disk goes on by itself when it is Ready.'), brief: text('its snapshot is not ready'), health: 'warning' },
      ImageNotFound: { meaning: text('The image that the disk is made from does not exist.'), next: text('Create the image under this name, or make the disk from another one.'), brief: text('its image does not exist'), health: 'warning' },
      ClusterImageNotFound: { meaning: text('The cluster image that the disk is made from does not exist.'), next: text('Create it under this name, or make the disk from another one.'), brief: text('its image does not exist'), health: 'warning' },
      ContainerRegistrySecretNotFound: { meaning: text('The Secret with the registry credentials does not exist.'), next: text('Create the Secret that "imagePullSecret" names.'), brief: text('registry Secret is missing'), health: 'warning' },
    },
  },
  StorageClassReady: {
    good: 'True',
    meaning: text('The storage class of the disk can be used.'),
    reasons: {
      StorageClassReady: { meaning: text('The storage class can be used.') },
      StorageClassNotReady: { meaning: text('The storage class does not exist, is being deleted, is too old, or none is the default.'), next: text('Name an existing storage class or ask the administrator for a default one.'), brief: text('storage class is not ready'), health: 'warning' },
    },
  },
  Ready: {
    good: 'True',
    meaning: text('The disk can be used.'),
    reasons: {
      Ready: { meaning: text('The disk can be used.') },
      Provisioning: { meaning: text('The disk is being filled.') },
      ProvisioningNotStarted: { meaning: text('Filling the disk is about to begin.') },
      WaitingForFirstConsumer: { meaning: text('The disk is created when the first machine that uses it starts.'), next: text('Start a machine that uses the disk.') },
      WaitForUserUpload: { meaning: text('The disk waits for its data to be uploaded.'), next: text('Upload the data to the address in the status of the disk.'), brief: text('waits for an upload') },
      WaitForUserUploadTimeout: { meaning: text('Nobody uploaded the data in time.'), next: text('Delete the disk, create it again and upload within ten minutes.'), brief: text('upload came too late'), health: 'failed' },
      ProvisioningFailed: { meaning: text('Filling the disk failed.'), next: text('Read the message: correct the source or the size, then create the disk again.'), brief: text('filling it failed'), health: 'failed' },
      ProvisioningFailedTerminally: { meaning: text('Filling the disk failed and is not tried again.'), next: text('Correct the cause in the message, then create the disk again.'), brief: text('filling it failed'), health: 'failed' },
      QuotaExceeded: { meaning: text('A quota of the namespace leaves no room for the disk.'), next: text('Free space or ask for a larger quota; the disk goes on by itself.'), brief: text('storage quota is used up'), health: 'warning' },
      ImagePullFailed: { meaning: text('The container image cannot be fetched from its registry.'), next: text('Check the image name, the registry and the credentials.'), brief: text('registry image not fetched'), health: 'failed' },
      DatasourceIsNotReady: { meaning: text('What the disk is made from is not ready yet.'), next: text('Look at the source of the disk.'), brief: text('its source is not ready'), health: 'warning' },
      DatasourceIsNotFound: { meaning: text('What the disk is made from does not exist.'), next: text('Create the source under this name, or make the disk from another one.'), brief: text('its source does not exist'), health: 'warning' },
      StorageClassIsNotReady: { meaning: text('The storage class of the disk cannot be used.'), next: text('Look at the condition StorageClassReady.'), brief: text('storage class is not ready'), health: 'warning' },
      StorageClassProvisionerMismatch: { meaning: text('Source and disk live on storage of different drivers, so one cannot be copied to the other.'), next: text('Choose a storage class of the same driver as the source.'), brief: text('storage drivers differ'), health: 'failed' },
      Exporting: { meaning: text('The data of the disk is being exported.') },
      PVCLost: { meaning: text('The volume of the disk is gone, and the data with it.'), next: text('Restore the disk from a snapshot, or delete it.'), brief: text('its volume is lost'), health: 'failed' },
      Unknown: { meaning: text('The platform is finding out how far the disk is.') },
    },
  },
  Resizing: {
    good: 'absent',
    meaning: text('The disk is growing.'),
    reasons: {
      InProgress: { meaning: text('The disk is growing.'), brief: text('growing'), health: 'busy' },
      NotAvailable: { meaning: text('The disk cannot grow now.'), next: text('Read the message; the disk grows by itself once that is possible.'), brief: text('cannot grow now'), health: 'warning' },
    },
  },
  Snapshotting: {
    good: 'absent',
    meaning: text('A snapshot of the disk is being taken.'),
    reasons: {
      Snapshotting: { meaning: text('A snapshot of the disk is being taken.'), brief: text('snapshot being taken'), health: 'busy' },
      NotAvailable: { meaning: text('No snapshot can be taken of the disk now.'), brief: text('no snapshot possible now') },
    },
  },
  Migrating: {
    good: 'absent',
    meaning: text('The disk is moving to other storage.'),
    reasons: {
      WaitForTargetReady: { meaning: text('The new volume is being prepared.'), brief: text('new volume being prepared'), health: 'busy' },
      InProgress: { meaning: text('The data is being copied to the new volume.'), brief: text('moving to other storage'), health: 'busy' },
      ResizingInProgress: { meaning: text('The move waits until the disk has grown.'), brief: text('growing before the move'), health: 'busy' },
      SnapshottingInProgress: { meaning: text('The move waits until a snapshot is taken.'), brief: text('snapshot before the move'), health: 'busy' },
      StorageClassNotFound: { meaning: text('The storage class to move to does not exist.'), next: text('Name an existing storage class, or the old one to stay.'), brief: text('target storage class missing'), health: 'warning' },
      WaitForTargetVolumeRelease: { meaning: text('The move waits until the new volume is free.'), brief: text('waits for new volume'), health: 'busy' },
      WaitForSourceVolumeRelease: { meaning: text('The move waits until the old volume is free.'), brief: text('waits for old volume'), health: 'busy' },
    },
  },
  InUse: {
    good: 'any',
    meaning: text('Whether something uses the disk.'),
    reasons: {
      AttachedToVirtualMachine: { meaning: text('A machine uses the disk. It cannot be deleted or made into an image meanwhile.') },
      UsedForImageCreation: { meaning: text('An image is being made from the disk. It cannot be deleted meanwhile.') },
      UsedForDataExport: { meaning: text('The data of the disk is being exported. It cannot be deleted meanwhile.') },
      NotInUse: { meaning: text('Nothing uses the disk.') },
    },
  },
  Terminating: {
    good: 'absent',
    meaning: text('The disk is being deleted.'),
    reasons: { CleanupPending: { meaning: text('What belongs to the disk is being cleaned up.') } },
  },
};

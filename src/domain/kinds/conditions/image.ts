import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

/** Conditions of images and cluster images. */
export const imageConditions: Readonly<Record<string, ConditionHelp>> = {
  DatasourceReady: {
    good: 'True',
    meaning: text('What the image is made from can be used.'),
    reasons: {
      DatasourceReady: { meaning: text('The source of the image can be used.') },
      ContainerRegistrySecretNotFound: { meaning: text('The Secret with the registry credentials does not exist.'), next: text('Create the Secret that "imagePullSecret" names.'), brief: text('registry Secret is missing'), health: 'warning' },
      ImageNotReady: { meaning: text('The image that this one is made from is missing or not ready yet.'), next: text('Look at the source image; this one goes on by itself when it is Ready.'), brief: text('source image not ready'), health: 'warning' },
      ClusterImageNotReady: { meaning: text('The cluster image that this one is made from is missing or not ready yet.'), next: text('Look at the cluster image; this one goes on by itself when it is Ready.'), brief: text('source image not ready'), health: 'warning' },
      VirtualDiskNotReady: { meaning: text('The disk that the image is made from is missing or not ready.'), next: text('Look at the disk.'), brief: text('source disk not ready') },
      VirtualDiskNotReadyForUse: { meaning: text('The disk that the image is made from cannot be read now.'), next: text('Look at the disk.'), brief: text('source disk not usable'), health: 'warning' },
      VirtualDiskAttachedToVirtualMachine: { meaning: text('The disk that the image is made from is used by a machine that is on.'), next: text('Stop the machine; the image goes on by itself.'), brief: text('source disk is in use'), health: 'warning' },
      VirtualDiskSnapshotNotReady: { meaning: text('The disk snapshot that the image is made from is missing or not ready.'), next: text('Look at the snapshot.'), brief: text('source snapshot not ready'), health: 'warning' },
      Unknown: { meaning: text('The source is no longer looked at because the image is being deleted.') },
    },
  },
  StorageClassReady: {
    good: 'True',
    meaning: text('The storage class of the image can be used.'),
    reasons: {
      StorageClassReady: { meaning: text('The storage class can be used.') },
      StorageClassNotFound: { meaning: text('The storage class does not exist.'), next: text('Name an existing storage class.'), brief: text('storage class does not exist'), health: 'warning' },
      StorageClassNotReady: { meaning: text('The storage class cannot be used, or none is the default.'), next: text('Name another storage class or ask the administrator for a default one.'), brief: text('storage class is not ready'), health: 'warning' },
      DVCRTypeUsed: { meaning: text('The image lives in the platform\'s registry and needs no storage class.') },
    },
  },
  Ready: {
    good: 'True',
    meaning: text('The image can be used.'),
    reasons: {
      Ready: { meaning: text('The image can be used.') },
      Provisioning: { meaning: text('The image is being imported.') },
      ProvisioningNotStarted: { meaning: text('The import is about to begin, or its pod finds no node.'), next: text('Wait; if it lasts, read the message.'), brief: text('import has not begun') },
      WaitForUserUpload: { meaning: text('The image waits for its data to be uploaded.'), next: text('Upload the data to the address in the status of the image.'), brief: text('waits for an upload') },
      WaitForUserUploadTimeout: { meaning: text('Nobody uploaded the data in time.'), next: text('Delete the image, create it again and upload within ten minutes.'), brief: text('upload came too late'), health: 'failed' },
      ProvisioningFailed: { meaning: text('The import failed.'), next: text('Read the message: correct address, credentials or checksum, then create the image again.'), brief: text('import failed'), health: 'failed' },
      ProvisioningFailedTerminally: { meaning: text('The import failed and is not tried again.'), next: text('Correct the cause in the message, then create the image again.'), brief: text('import failed'), health: 'failed' },
      ImageLost: { meaning: text('The data of the image is gone from the platform\'s registry.'), next: text('Create the image again, unless the data returns: then it recovers by itself.'), brief: text('its data is lost'), health: 'failed' },
      PVCLost: { meaning: text('The volume of the image is gone, and the data with it.'), next: text('Delete the image and create it again.'), brief: text('its volume is lost'), health: 'failed' },
      StorageClassNotReady: { meaning: text('The storage class of the image cannot be used.'), next: text('Look at the condition StorageClassReady.'), brief: text('storage class is not ready'), health: 'warning' },
      QuotaExceeded: { meaning: text('A quota of the namespace leaves no room for the image.'), next: text('Free space or ask for a larger quota; the import goes on by itself.'), brief: text('quota is used up'), health: 'warning' },
      ImagePullFailed: { meaning: text('The container image cannot be fetched from its registry.'), next: text('Check the image name, the registry and the credentials.'), brief: text('registry image not fetched'), health: 'failed' },
      DatasourceNotReady: { meaning: text('What the image is made from is missing, in use, or not ready.'), next: text('Look at the condition DatasourceReady.'), brief: text('its source is not ready'), health: 'warning' },
      Unknown: { meaning: text('The platform is finding out how far the image is.') },
    },
  },
  InUse: {
    good: 'any',
    meaning: text('Whether something uses the image.'),
    reasons: {
      AttachedToVirtualMachine: { meaning: text('A machine uses the image. It cannot be deleted meanwhile.') },
      NotInUse: { meaning: text('Nothing uses the image.') },
    },
  },
  Terminating: {
    good: 'absent',
    meaning: text('The image is being deleted.'),
    reasons: { CleanupPending: { meaning: text('What belongs to the image is being cleaned up.') } },
  },
};

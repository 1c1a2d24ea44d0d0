namespace MediaAspire.Core.Duties;

/// <summary>The duties of the worker, as leases, metrics and logs name them.</summary>
public static class DutyNames
{
    public const string Membership = "membership";
    public const string Sessions = "sessions";
    public const string DeletedFiles = "deleted-files";
    public const string Removal = "removal";
    public const string Orphans = "orphans";
    public const string Integrity = "integrity";
    public const string Repair = "repair";
    public const string Rebalance = "rebalance";
    public const string Scrub = "scrub";
    public const string Staging = "staging";
    public const string Lifecycle = "lifecycle";
    public const string Quotas = "quotas";
    public const string Audit = "audit";
    public const string MediaDeletions = "media-deletions";
    public const string MediaAudit = "media-audit";
    public const string Metadata = "metadata";
    public const string MediaUsage = "media-usage";
    public const string MediaLifecycle = "media-lifecycle";
    public const string MediaAccess = "media-access";
    public const string Tags = "tags";
    public const string ImageMigration = "image-migration";
    public const string ImageProxies = "image-proxies";
    public const string ImageVariants = "image-variants";
    public const string ImageUploads = "image-uploads";
    public const string Uploads = "uploads";
    public const string Notifications = "notifications";

    /// <summary>Gets the name of the duty that sends events to a target; the SQL function <c>record_event()</c> makes the same.</summary>
    public static string NotificationsTo(string target) => $"{Notifications}:{target}";
}

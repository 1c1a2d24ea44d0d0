namespace MediaAspire.Storage.Membership;

/// <summary>The reason why a node must not register with its database.</summary>
/// <param name="Reason">The reason with the remedies, for people.</param>
/// <param name="IsOlder">Indicates whether the database is the cluster's own, but older than the disk knows.</param>
internal sealed record AdmissionRefusal(string Reason, bool IsOlder);

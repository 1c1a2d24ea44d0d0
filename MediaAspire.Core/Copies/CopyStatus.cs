namespace MediaAspire.Core.Copies;

/// <summary>The states of a copy, as <c>chunk_replicas.status</c> spells them; 0003_durability.sql explains each.</summary>
public static class CopyStatus
{
    public const string Writing = "writing";
    public const string Stored = "stored";
    public const string Failed = "failed";
    public const string Corrupt = "corrupt";
    public const string Missing = "missing";
    public const string Copying = "copying";
    public const string Deleting = "deleting";
}

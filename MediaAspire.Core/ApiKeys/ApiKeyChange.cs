namespace MediaAspire.Core.ApiKeys;

/// <summary>The outcome of a change to a key.</summary>
public enum ApiKeyChange
{
    Done,

    /// <summary>The key does not exist.</summary>
    NotFound,

    /// <summary>It is the last enabled admin key without an expiry; without it nobody could administer the cluster.</summary>
    LastAdmin,
}

namespace MediaAspire.Tests.Faults;

/// <summary>An API of the cluster: the operations of a client, and the checks of their responses.</summary>
internal interface ICampaignDoor : IDisposable
{
    /// <summary>Gets the name in the report.</summary>
    string Name { get; }

    /// <summary>Stores a random file or object.</summary>
    /// <returns>The operation; null if nothing suitable exists. The same holds for the other methods.</returns>
    Task<DoorOperation?> StoreAsync(Random random);

    /// <summary>Reads a file or object that must exist or must be absent.</summary>
    Task<DoorOperation?> ReadAsync(Random random);

    /// <summary>Deletes an existing file or object.</summary>
    Task<DoorOperation?> DeleteAsync(Random random);

    /// <summary>Reads a file or object whose existence is not known.</summary>
    Task<DoorOperation?> AskAsync(Random random);
}

/// <summary>An operation of the campaign that violated no guarantee.</summary>
/// <param name="Name">The name of the operation in the report.</param>
/// <param name="Outcome">The outcome in the report.</param>
/// <param name="What">The file or object.</param>
/// <param name="Detail">Details of the outcome.</param>
internal readonly record struct DoorOperation(string Name, string Outcome, string What, string? Detail = null)
{
    /// <summary>The outcome of a request without a complete response.</summary>
    public const string Lost = "lost";

    /// <summary>Gets a value indicating whether the operation failed without violating a guarantee.</summary>
    public bool IsFailure => Outcome.StartsWith(Lost, StringComparison.Ordinal) || Outcome.StartsWith("503", StringComparison.Ordinal);
}

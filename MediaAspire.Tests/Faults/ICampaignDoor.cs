namespace MediaAspire.Tests.Faults;

/// <summary>One way into the cluster: what a client does through it, and what it holds the answers against.</summary>
internal interface ICampaignDoor : IDisposable
{
    /// <summary>Gets the name that the report counts under.</summary>
    string Name { get; }

    /// <summary>Stores something, as the random numbers say.</summary>
    /// <returns>The action; null when there was nothing to do, here and below.</returns>
    Task<DoorOperation?> StoreAsync(Random random);

    /// <summary>Reads something that must be there or gone.</summary>
    Task<DoorOperation?> ReadAsync(Random random);

    /// <summary>Deletes something that is there.</summary>
    Task<DoorOperation?> DeleteAsync(Random random);

    /// <summary>Looks for something of which it is not known whether it is there.</summary>
    Task<DoorOperation?> AskAsync(Random random);
}

/// <summary>An operation of the campaign that broke no promise.</summary>
/// <param name="Name">The action.</param>
/// <param name="Outcome">The outcome, in the report's words.</param>
/// <param name="What">The object of the action.</param>
/// <param name="Detail">More about the end.</param>
internal readonly record struct DoorOperation(string Name, string Outcome, string What, string? Detail = null)
{
    /// <summary>No whole answer came.</summary>
    public const string Lost = "lost";

    /// <summary>Gets whether the cluster did not do what was asked, and did not have to.</summary>
    public bool IsFailure => Outcome.StartsWith(Lost, StringComparison.Ordinal) || Outcome.StartsWith("503", StringComparison.Ordinal);
}

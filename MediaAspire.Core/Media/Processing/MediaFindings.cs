namespace MediaAspire.Core.Media.Processing;

/// <summary>The findings of processing in the content of an item.</summary>
/// <param name="Details">A JSON object for the item's details.</param>
public sealed record MediaFindings(string Details)
{
    /// <summary>Gets the width and the height, in pixels; <see langword="null"/> when they are unknown.</summary>
    public (int Width, int Height)? Dimensions { get; init; }
}

/// <summary>The failure of an attempt at processing.</summary>
/// <param name="Code">A stable name in kebab-case.</param>
/// <param name="Message">A sentence for people, without secrets.</param>
/// <param name="IsFinal">A value indicating whether no further attempt can succeed.</param>
public sealed record ProcessingFault(string Code, string Message, bool IsFinal = false)
{
    /// <summary>Gets a JSON object for the item's details; <see langword="null"/> leaves them as they are.</summary>
    public string? Details { get; init; }
}

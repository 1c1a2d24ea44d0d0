namespace MediaAspire.Api.Listeners;

/// <summary>Marks a request of a page of another site that the settings of its area allow.</summary>
internal sealed class AllowedOrigin
{
    public static AllowedOrigin Mark { get; } = new();
}

namespace MediaAspire.Api.Limits;

/// <summary>Marks endpoints whose requests take a place, because they transfer bytes.</summary>
internal sealed class TransferEndpoint
{
    public static TransferEndpoint Mark { get; } = new();
}

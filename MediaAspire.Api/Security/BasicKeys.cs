namespace MediaAspire.Api.Security;

/// <summary>Marks an endpoint that also accepts a key as the password of HTTP Basic: SNS sends no other credentials.</summary>
internal sealed class BasicKeys
{
    private BasicKeys()
    {
    }

    public static BasicKeys Accepted { get; } = new();
}

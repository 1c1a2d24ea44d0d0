namespace MediaAspire.AppHost.LocalStack;

internal static class LocalStackContainerImageTags
{
    public const string Registry = "docker.io";

    public const string Image = "localstack/localstack";

    /// <summary>The last version that starts without an account's token.</summary>
    public const string Tag = "4.14.0";
}

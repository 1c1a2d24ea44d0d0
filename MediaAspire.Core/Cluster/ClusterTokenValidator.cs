using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Cluster;

/// <summary>Refuses to start a process of the cluster without a token that others cannot guess.</summary>
internal sealed class ClusterTokenValidator(IHostEnvironment environment) : IValidateOptions<ClusterOptions>
{
    private const string TokenSetting = $"{ClusterOptions.SectionName}:{nameof(ClusterOptions.Token)}";
    private const string SecondTokenSetting = $"{ClusterOptions.SectionName}:{nameof(ClusterOptions.SecondToken)}";

    private const string HowToCreate =
        "Create one with `openssl rand -hex 32`, and give the same one to the API, the workers and every node (environment variable "
        + "Cluster__Token).";

    public ValidateOptionsResult Validate(string? name, ClusterOptions options)
    {
        List<string> failures = [];
        if (options.IsOpen && environment.IsProduction())
        {
            failures.Add(
                $"{ClusterOptions.OpenSetting} is true, which turns authentication off. It is refused in the environment Production. "
                + "Remove the setting.");
        }

        if (options.Token.Length == 0)
        {
            if (!options.IsOpen)
            {
                failures.Add(
                    $"{TokenSetting} is empty, so anyone who reaches the nodes could read and delete every chunk. {HowToCreate} For "
                    + $"development only, {ClusterOptions.OpenSetting}=true runs without one.");
            }
        }
        else if (!ClusterToken.IsValid(options.Token))
        {
            failures.Add(Invalid(TokenSetting));
        }

        if (options.SecondToken.Length > 0 && !ClusterToken.IsValid(options.SecondToken))
        {
            failures.Add(Invalid(SecondTokenSetting));
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // Never with the value, which may be a mistyped secret.
    private static string Invalid(string setting) =>
        $"{setting} must have {ClusterToken.MinLength} to {ClusterToken.MaxLength} printable ASCII characters, without spaces and line "
        + "breaks. "
        + HowToCreate;
}

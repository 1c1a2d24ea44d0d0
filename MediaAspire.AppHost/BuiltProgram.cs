using System.Reflection;
using System.Runtime.InteropServices;

namespace MediaAspire.AppHost;

/// <summary>Starts the built program of a project instead of <c>dotnet run</c>.</summary>
/// <remarks>
/// By default Aspire starts a project through <c>dotnet run</c>. That adds a process of 150 MB for each service and doubles the time to
/// start. The orchestrator would also watch that process instead of the service: a killed service would stay "Running" in the dashboard.
/// </remarks>
internal static class BuiltProgram
{
    private const string MetadataPrefix = "program:";
    private const string DotnetRoot = "DOTNET_ROOT";

    /// <summary>Starts the resource from its built program, except where a debugger or <c>dotnet watch</c> starts projects.</summary>
    public static IResourceBuilder<ProjectResource> WithBuiltProgram(this IResourceBuilder<ProjectResource> project)
    {
        var configuration = project.ApplicationBuilder.Configuration;
        var startedByTools = configuration["DEBUG_SESSION_PORT"] is { Length: > 0 } || configuration["DOTNET_WATCH"] is "1" or "true";
        if (!project.ApplicationBuilder.ExecutionContext.IsRunMode
            || startedByTools
            || Find(project.Resource.GetProjectMetadata().ProjectPath) is not { } program)
        {
            return project;
        }

        return project
            .WithAnnotation(new ExecutableAnnotation
            {
                Command = program,
                WorkingDirectory = Path.GetDirectoryName(project.Resource.GetProjectMetadata().ProjectPath)!,
            })
            .WithEnvironment(DotnetRoot, configuration[DotnetRoot] is { Length: > 0 } given ? given : RootOfThisRuntime());
    }

    /// <summary>Finds the program that was built together with this AppHost.</summary>
    /// <returns>The full path; <see langword="null"/> if it does not exist.</returns>
    internal static string? Find(string projectPath)
    {
        var library = typeof(BuiltProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == MetadataPrefix + projectPath)?.Value;
        var program = Path.ChangeExtension(library, OperatingSystem.IsWindows() ? ".exe" : null);
        return File.Exists(program) ? program : null;
    }

    // Programs look for the runtime only in the system's usual places; this one may be elsewhere: <root>/shared/<framework>/<version>/
    private static string RootOfThisRuntime() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}

#!/usr/bin/env pwsh
<#
.SYNOPSIS
Publishes craftkit-edge as one self-contained native binary, with its SHA-256 beside it and its symbols in a file of their own.
.PARAMETER Runtime
linux-x64, linux-arm64, osx-arm64 or win-x64. Without it: the machine's own.
.PARAMETER Output
The folder for the result. Without it: artifacts/RUNTIME beside this script.
.EXAMPLE
dotnet tool restore && dotnet pwsh publish.ps1
#>
param(
    [string] $Runtime = '',
    [string] $Output = ''
)

$ErrorActionPreference = 'Stop'
$supported = 'linux-x64', 'linux-arm64', 'osx-arm64', 'win-x64'

function Stop-With([string] $message) {
    [Console]::Error.WriteLine("publish.ps1: $message")
    exit 1
}

function Test-Program([string] $name) {
    $null -ne (Get-Command $name -CommandType Application -ErrorAction SilentlyContinue)
}

$os = if ($IsWindows) { 'win' } elseif ($IsMacOS) { 'osx' } else { 'linux' }
$machine = "$os-$([Runtime.InteropServices.RuntimeInformation]::OSArchitecture.ToString().ToLowerInvariant())"
if (-not $Runtime) { $Runtime = $machine }
if ($Runtime -notin $supported) { Stop-With "'$Runtime' is not one of $($supported -join ', ')" }

# Native AOT links with the machine's own toolchain and system libraries. Across operating systems that cannot work, and across
# processors it needs a cross linker with the target's libraries, which this script does not set up.
if ($Runtime -ne $machine) { Stop-With "the native toolchain of $machine cannot publish $Runtime; run this script on a $Runtime machine" }

if (-not (Test-Program 'dotnet')) { Stop-With 'dotnet is not on the PATH; install the .NET SDK named in global.json' }
if ($IsLinux) {
    $compiler = 'clang', 'gcc' | Where-Object { Test-Program $_ } | Select-Object -First 1
    if (-not $compiler) { Stop-With 'the native toolchain is missing: install clang and zlib1g-dev (Debian, Ubuntu), clang and zlib-devel (Fedora, RHEL) or clang and zlib-dev (Alpine)' }
    'int main(void){return 0;}' | & $compiler -x c - -lz -o /dev/null 2>$null
    if ($LASTEXITCODE -ne 0) { Stop-With "$compiler cannot link against zlib: install zlib1g-dev (Debian, Ubuntu), zlib-devel (Fedora, RHEL) or zlib-dev (Alpine), and the C library's development files" }
    if (-not (Test-Program 'objcopy') -and -not (Test-Program 'llvm-objcopy')) { Stop-With 'objcopy is missing: install binutils (it puts the symbols into a file of their own)' }
}
elseif ($IsMacOS) {
    & xcode-select -p *> $null
    if ($LASTEXITCODE -ne 0) { Stop-With 'the native toolchain is missing: run xcode-select --install' }
}
else {
    $vswhere = Join-Path ${env:ProgramFiles(x86)} 'Microsoft Visual Studio/Installer/vswhere.exe'
    $tools = if (Test-Path $vswhere) { & $vswhere -latest -prerelease -products * -requires Microsoft.VisualStudio.Component.VC.Tools.x86.x64 -property installationPath }
    if (-not $tools) { Stop-With "the native toolchain is missing: install Visual Studio or its Build Tools with the workload 'Desktop development with C++'" }
}

if (-not $Output) { $Output = Join-Path $PSScriptRoot "artifacts/$Runtime" }
$commit = if (Test-Program 'git') { & git -C $PSScriptRoot rev-parse --short=12 HEAD 2>$null }
$arguments = @('publish', (Join-Path $PSScriptRoot 'CraftKit.Edge'), '-c', 'Release', '-r', $Runtime, '-o', $Output, '--nologo')
if ($commit) { $arguments += "-p:SourceRevisionId=$commit" }
& dotnet @arguments
if ($LASTEXITCODE -ne 0) { Stop-With "dotnet publish failed with exit code $LASTEXITCODE; its output above says why" }

$name = if ($IsWindows) { 'craftkit-edge.exe' } else { 'craftkit-edge' }
$binary = Join-Path $Output $name
$hash = (Get-FileHash -Algorithm SHA256 -LiteralPath $binary).Hash.ToLowerInvariant()
Set-Content -LiteralPath "$binary.sha256" -Value "$hash  $name`n" -NoNewline
$size = (Get-Item -LiteralPath $binary).Length
Write-Output ("{0}: {1:N1} MiB, SHA-256 {2}" -f $binary, ($size / 1MB), $hash)
